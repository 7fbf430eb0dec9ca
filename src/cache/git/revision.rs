//! Names of commits: branches, tags, the start of an identity, `HEAD~2` and `main^`.

use gix_object::FindExt;

use super::{Repository, identity, object};
use crate::cache::tree::Id;

/// More tags of tags and symbolic references are not followed.
const MOST_STEPS: usize = 16;

impl Repository {
    /// The commit of a name.
    ///
    /// # Errors
    /// There is none, or the name means several.
    pub fn resolve(&self, name: &str) -> Result<Id, String> {
        let end = name.find(['~', '^']).unwrap_or(name.len());
        let (base, mut rest) = name.split_at(end);
        let mut id = self.base(if base.is_empty() { "HEAD" } else { base })?;
        while let Some(mark) = rest.chars().next() {
            let digits: String =
                rest[1..].chars().take_while(char::is_ascii_digit).take(6).collect();
            rest = &rest[1 + digits.len()..];
            let number = digits.parse::<usize>().unwrap_or(1);
            let missing = || format!("`{name}` does not name a commit: it has fewer parents");
            let (steps, parent) = match mark {
                '~' => (number, 0),
                '^' if number == 0 => (0, 0),
                '^' => (1, number - 1),
                _ => return Err(format!("`{name}` is not a valid name of a commit")),
            };
            for _ in 0..steps {
                let commit = super::commit(self, id).map_err(|it| it.0)?;
                id = *commit.parents.get(parent).ok_or_else(missing)?;
            }
        }
        Ok(id)
    }

    fn base(&self, name: &str) -> Result<Id, String> {
        let unknown = || format!("there is no commit, branch or tag `{name}`");
        if let Some(id) = self.reference(name)? {
            return self.peel(id).ok_or_else(unknown);
        }
        let is_hex =
            name.len() >= 4 && name.len() <= 40 && name.chars().all(|it| it.is_ascii_hexdigit());
        if !is_hex {
            return Err(unknown());
        }
        let prefix = gix_hash::Prefix::from_hex(name).map_err(|_| unknown())?;
        match self.objects.lookup_prefix(prefix, None).map_err(|_| unknown())? {
            Some(Ok(id)) => self.peel(identity(&id)).ok_or_else(unknown),
            Some(Err(())) => Err(format!("`{name}` is the start of several objects")),
            None => Err(unknown()),
        }
    }

    /// What a reference points to; none where there is no such reference.
    fn reference(&self, name: &str) -> Result<Option<Id>, String> {
        let mut name = name.to_owned();
        for step in 0..MOST_STEPS {
            let found = self.refs.try_find(name.as_str());
            // What is not a valid name of a reference may still be the start of an identity.
            let Ok(Some(found)) = found else {
                if step > 0 {
                    return Err(format!("`{name}` has no commit yet"));
                }
                return Ok(None);
            };
            match found.target {
                gix_ref::Target::Object(id) => return Ok(Some(identity(&id))),
                gix_ref::Target::Symbolic(next) => name = next.as_bstr().to_string(),
            }
        }
        Err(format!("`{name}` leads in circles"))
    }

    /// The commit that a tag stands for.
    fn peel(&self, mut id: Id) -> Option<Id> {
        let mut buffer = Vec::new();
        for _ in 0..MOST_STEPS {
            let found = self.objects.find(&object(id), &mut buffer).ok()?;
            match found.kind {
                gix_object::Kind::Commit => return Some(id),
                gix_object::Kind::Tag => {
                    id = identity(&found.try_into_tag_iter()?.target_id().ok()?);
                }
                _ => return None,
            }
        }
        None
    }
}
