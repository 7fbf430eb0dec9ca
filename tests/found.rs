//! What fuzzing has found, each made as small as it goes; none of it may come back.

mod oracles;

#[test]
fn messages_that_were_too_long() {
    oracles::parser("# escape=123456789012345678901234567890\nFROM x\n".as_bytes());
}

#[test]
fn places_that_were_in_the_middle_of_a_character() {
    oracles::check("FROM x\nRUN a # b  \\\n  é=c && d \\\n  e\n".as_bytes());
    oracles::check("FROM x\nRUN a \"$(b #c)\"  \\\n \u{1d11e}d  \\\n\n".as_bytes());
}

#[test]
fn comments_that_fixes_changed() {
    oracles::fix(
        "FROM debian:12\nEXPOS\\\n#c\nE 8080\nRUN a\nfro\\\n# c\nm debian:12 A\\\n# s\ns b\n"
            .as_bytes(),
    );
    oracles::fix("FROM debian:12 a\\\n# c\ns b\nEXPOSE 1\nRUN a\n".as_bytes());
}
