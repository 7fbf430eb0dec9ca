//! `full`: each finding with the lines it is about. The only file that knows miette.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents, ThemeStyles,
};
use owo_colors::{Style as Style256, XtermColors};

use super::excerpt::{Excerpt, Mark};
use super::style;
use super::{Outcome, Report, Style, Summary, summary};
use crate::escape;
use crate::lint::{Applicability, Finding, Severity};
use crate::session::Checked;

/// The `full` format.
pub(super) struct Full(pub(super) Style);

impl Report for Full {
    fn file(&self, outcome: Outcome<'_>) -> String {
        let Ok(checked) = outcome.result else { return String::new() };
        let name = escape::line(outcome.name);
        let mut text = String::new();
        for finding in &checked.findings {
            let shown = self.shown(&name, checked, finding);
            let handler = GraphicalReportHandler::new_themed(self.theme(&shown))
                .with_width(self.0.width)
                .with_links(false)
                .with_break_words(false)
                .with_context_lines(1);
            // Writing to a string cannot fail.
            let _ = handler.render_report(&mut text, &shown);
            text.push('\n');
        }
        text
    }

    fn end(&self, summary: &Summary) -> String {
        let mut text = summary::sentence(summary) + "\n";
        if let Some((code, _)) = summary.codes.iter().max_by_key(|(_, count)| count.total()) {
            text +=
                &self.0.dim(&format!("`layerwise explain {code}` explains why and what to do."));
            text.push('\n');
        }
        text
    }
}

impl Full {
    /// One colour per severity: for the words at fault and all that belongs to them. Other places are back.
    fn theme(&self, shown: &Shown) -> GraphicalTheme {
        if !self.0.color {
            return GraphicalTheme::unicode_nocolor();
        }
        let own = Style256::new().color(XtermColors::from(style::color(shown.severity)));
        let other = Style256::new().color(XtermColors::from(style::SUPPORTING));
        // miette paints places in the order in which they are in the text.
        let mut order: Vec<usize> = (0..shown.excerpt.marks.len()).collect();
        order.sort_by_key(|at| shown.excerpt.marks[*at].range.start);
        let highlights = order.into_iter().map(|at| if at == 0 { own } else { other });
        let mut theme = GraphicalTheme::unicode();
        theme.styles = ThemeStyles {
            error: own,
            warning: own,
            advice: own,
            help: Style256::new().bold(),
            link: Style256::new().bold(),
            highlights: highlights.collect(),
            ..ThemeStyles::ansi()
        };
        theme
    }

    fn shown(&self, name: &str, checked: &Checked, finding: &Finding) -> Shown {
        let mut marks = vec![Mark { span: finding.span, message: None }];
        marks.extend(finding.labels.iter().map(|label| Mark {
            span: label.span,
            message: Some(escape::line(&label.message).into_owned()),
        }));
        // What miette puts before the text: the line number, a bar and blanks.
        let room = self.0.width.saturating_sub(10).max(20);
        let severity = self.0.severity(finding.severity, finding.severity.name());
        let code = self.0.bold(finding.meta.code);
        Shown {
            title: format!("{severity} {code}: {}", escape::line(&finding.message)),
            severity: finding.severity,
            help: help(finding),
            name: name.to_owned(),
            excerpt: Excerpt::new(&checked.source, &marks, room),
        }
    }
}

/// What is below the excerpt.
fn help(finding: &Finding) -> Option<String> {
    let mut lines: Vec<String> =
        finding.help.iter().map(|it| escape::line(it).into_owned()).collect();
    lines.extend(super::savings(finding));
    if let Some(fix) = &finding.fix {
        let title = escape::line(&fix.title);
        let flags = match fix.applicability {
            Applicability::Safe => Some("`--fix`"),
            Applicability::Unsafe => Some("`--fix --unsafe-fixes`"),
            Applicability::Suggest => None,
        };
        match (flags, finding.help.as_deref() == Some(&fix.title)) {
            (Some(flags), true) => lines[0] += &format!("; {flags} does it"),
            (Some(flags), false) => lines.push(format!("{flags} will {title}")),
            (None, true) => {}
            (None, false) => lines.push(title.into_owned()),
        }
    }
    if !finding.also.is_empty() {
        lines.push(format!("also known as {}", finding.also.join(", ")));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// A finding as miette wants it.
#[derive(Debug)]
struct Shown {
    title: String,
    severity: Severity,
    help: Option<String>,
    name: String,
    excerpt: Excerpt,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info | Severity::Style => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.marks.iter().enumerate().map(|(index, mark)| {
            let span = (mark.range.start, mark.range.len());
            match index {
                0 => LabeledSpan::new_primary_with_span(mark.message.clone(), span),
                _ => LabeledSpan::new_with_span(mark.message.clone(), span),
            }
        })))
    }
}

impl SourceCode for Shown {
    /// With context: the whole group of lines that holds the span. Without: where the span is in the file.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_before: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let range = span.offset()..span.offset() + span.len();
        let group = self
            .excerpt
            .groups
            .iter()
            .find(|group| group.range.start <= range.start && range.end <= group.range.end);
        let group = group.ok_or(MietteError::OutOfBounds)?;
        let mark = self.excerpt.marks.iter().find(|mark| mark.range == range);
        let (shown, line, column) = match mark {
            Some(mark) if context_before == 0 => (&range, mark.position.line, mark.position.column),
            _ => (&group.range, group.first_line, 1),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.excerpt.text[shown.clone()].as_bytes(),
            (shown.start, shown.len()).into(),
            line as usize - 1,
            column as usize - 1,
            group.line_count,
        )))
    }
}
