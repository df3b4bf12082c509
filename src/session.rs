//! The one composition of all layers, keeping the ledger between recomputations.
