//! The bindings for the browser: plain data in, plain data out, and no logic.
