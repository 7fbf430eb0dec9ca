//! `textDocument/signatureHelp`: the form of the instruction or flag that is being written, and which part of it is next.

use std::ops::Range;

use gen_lsp_types::{
    ActiveParameter, Documentation, MarkupContent, MarkupKind, ParameterInformation,
    ParameterInformationLabel, SignatureHelp, SignatureHelpContext, SignatureHelpParams,
    SignatureHelpTriggerKind, SignatureInformation,
};

use crate::lsp::client::Client;
use crate::lsp::completion::argument_at;
use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::position::narrow;
use crate::lsp::signatures::{Form, Help, help};

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &SignatureHelpParams,
) -> Result<Option<SignatureHelp>, Failure> {
    let offset = ask.document.offset(params.text_document_position_params.position);
    let found = ask.with_model(|model| argument_at(model.doc, offset));
    let context = params.context.as_ref();
    let by_letter =
        |it: &SignatureHelpContext| it.trigger_kind == SignatureHelpTriggerKind::TriggerCharacter;
    let is_asked = !context.is_some_and(by_letter);
    // Nobody wants to see it again after each word of a command.
    let help = found.and_then(|it| help(&it)).filter(|it| is_asked || !it.is_in_command);
    Ok(help.map(|it| shown(it, &ask.client)))
}

/// All forms as the client takes them.
fn shown(help: Help, client: &Client) -> SignatureHelp {
    let Help { forms, active, part, text, .. } = help;
    let part = part.map(|it| ActiveParameter::Int(narrow(it)));
    let markdown = |value: &str| {
        let (kind, value) = (MarkupKind::Markdown, value.to_owned());
        Documentation::MarkupContent(MarkupContent { kind, value })
    };
    let shown = |(index, form): (usize, Form)| SignatureInformation {
        parameters: Some(
            form.parts
                .iter()
                .map(|(place, text)| ParameterInformation {
                    label: label(&form.label, place, client),
                    documentation: text.map(markdown),
                })
                .collect(),
        ),
        documentation: Some(markdown(&text)),
        active_parameter: part.filter(|_| index == active),
        label: form.label,
    };
    SignatureHelp {
        signatures: forms.into_iter().enumerate().map(shown).collect(),
        active_signature: Some(narrow(active)),
        active_parameter: part,
    }
}

/// A part of a form as the client takes it. Places are counted in UTF-16 whatever the encoding of positions.
fn label(form: &str, place: &Range<usize>, client: &Client) -> ParameterInformationLabel {
    if !client.takes_offsets {
        return ParameterInformationLabel::String(form[place.clone()].to_owned());
    }
    let units = |at: usize| narrow(form[..at].encode_utf16().count());
    ParameterInformationLabel::Tuple((units(place.start), units(place.end)))
}
