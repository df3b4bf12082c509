//! Text to rows by RFC 4180, streaming, with every departure from it reported.
