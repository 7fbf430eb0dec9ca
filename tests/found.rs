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
