//! `layerwise ast`: what the parser made of files, in the words of BuildKit's parser.

use super::args::{AstArgs, TextOrJson};
use super::discover::{Everything, Reach, discover};
use super::output::{Output, complain};
use super::settings::finder;
use super::{FAILURE, Outcome, SUCCESS};
use crate::error::Error;
use crate::escape;
use crate::syntax::{AstView, ast_json, parse};

/// Runs it.
pub(super) fn run(args: &AstArgs) -> Outcome {
    let mut output = Output::stdout();
    let mut code = SUCCESS;
    let reach = Reach { finder: finder(args.allow_outside), no_ignore: args.no_ignore };
    let found = discover(&args.paths, "-", reach, &mut Everything)?;
    for input in found.inputs {
        let source = match input.read() {
            Ok(source) => source,
            Err(error) => {
                complain(&error);
                code = FAILURE;
                continue;
            }
        };
        let view = ast_json(&parse(&source));
        let text = match args.format {
            TextOrJson::Json => {
                let json = serde_json::to_string(&view);
                escape::json(json.map_err(|it| Error::internal(&input.name, &it))?) + "\n"
            }
            TextOrJson::Text => text(&view),
        };
        if output.write(&text).is_break() {
            break;
        }
    }
    output.finish()?;
    Ok(code)
}

fn text(view: &AstView) -> String {
    let mut text = format!("{}\n", escape::line(&view.path));
    for it in &view.instructions {
        let wrapped = it
            .sub_keyword
            .as_deref()
            .map(|word| format!(" {}", escape::line(word)))
            .unwrap_or_default();
        let form = if it.json { " (JSON)" } else { "" };
        text += &format!(
            "  {}-{} {}{wrapped}{form}\n",
            it.start_line,
            it.end_line,
            escape::line(&it.keyword)
        );
        let words = it.flags.iter().chain(&it.value).map(|word| format!("      {}\n", debug(word)));
        text.extend(words);
        let heredocs = it.heredocs.iter();
        text.extend(
            heredocs
                .map(|it| format!("      <<{} {}\n", escape::line(&it.name), debug(&it.content))),
        );
    }
    text.extend(
        view.errors
            .iter()
            .map(|it| format!("  error in line {}: {}\n", it.line, escape::line(&it.message))),
    );
    text
}

/// Text in quotes.
fn debug(text: &str) -> String {
    escape::line(&format!("{text:?}")).into_owned()
}
