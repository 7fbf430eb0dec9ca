//! Placeholder until the parser is there.
