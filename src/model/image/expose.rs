//! The ports of EXPOSE.

use crate::model::Model;
use crate::source::Span;
use crate::syntax::{Instruction, Keyword, Kind};

/// One entry of EXPOSE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposedPort {
    /// The entry with its variables replaced where they are known.
    pub text: String,
    /// What is before the container's port: an address, a host port, or both.
    pub host: Option<String>,
    /// The container's port or range.
    pub port: String,
    /// The protocol as it is written.
    pub protocol: Option<String>,
    /// Where the entry is.
    pub span: Span,
}

impl Model<'_> {
    /// The entries of an EXPOSE; none for any other instruction.
    pub fn exposed_ports(&self, instruction: &Instruction<'_>) -> Vec<ExposedPort> {
        let Kind::Expose(words) = &instruction.kind else { return Vec::new() };
        let mut found = Vec::new();
        for word in words {
            // A variable may hold several entries.
            let text = self.scopes.resolve(instruction.id, word).text;
            for entry in text.split_whitespace() {
                let (place, protocol) = match entry.rsplit_once('/') {
                    Some((place, protocol)) => (place, Some(protocol.to_owned())),
                    None => (entry, None),
                };
                let (host, port) = match place.rsplit_once(':') {
                    Some((host, port)) => (Some(host.to_owned()), port),
                    None => (None, place),
                };
                let port = port.to_owned();
                found.push(ExposedPort {
                    text: entry.to_owned(),
                    host,
                    port,
                    protocol,
                    span: word.span,
                });
            }
        }
        found
    }
}

impl Model<'_> {
    /// Where an EXPOSE names a port above 65535. The builder refuses such an instruction, so that its text is looked at.
    pub fn ports_out_of_range(&self, instruction: &Instruction<'_>) -> Vec<Span> {
        if instruction.keyword != Keyword::Expose {
            return Vec::new();
        }
        let text = &instruction.body.value;
        let words = text
            .split_whitespace()
            .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word));
        let too_large = |port: &str| port.parse::<u64>().is_ok_and(|port| port > 65535);
        words
            .filter(|(_, word)| {
                let ports = word.split('/').next().unwrap_or_default();
                ports.rsplit(':').next().unwrap_or_default().split('-').any(too_large)
            })
            .map(|(at, word)| instruction.body.span_of(at..at + word.len()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{BuildOptions, Model};
    use crate::source::Source;
    use crate::syntax;

    #[test]
    fn entries_are_taken_apart() {
        let text = "FROM x\nENV P=80/UDP\nEXPOSE $P 1.2.3.4:90:91/tcp [::1]:5:6 $Q\n";
        let source = Source::new("Dockerfile", text);
        let doc = syntax::parse(&source);
        let model = Model::build(&doc, &BuildOptions::default());
        let ports = model.exposed_ports(&doc.instructions[2]);
        let parts: Vec<_> = ports
            .iter()
            .map(|it| (it.host.as_deref(), it.port.as_str(), it.protocol.as_deref()))
            .collect();
        let expected = [
            (None, "80", Some("UDP")),
            (Some("1.2.3.4:90"), "91", Some("tcp")),
            (Some("[::1]:5"), "6", None),
            (None, "${Q}", None),
        ];
        assert_eq!(parts, expected);
    }
}
