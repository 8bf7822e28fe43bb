package dev.countersign.ledger;

import java.util.Optional;

/// What an entry discloses beside its leaf to those who may see it.
///
/// @param value empty when the subject's key was erased: the value is withheld from everybody, for ever
public record Disclosed(String subject, String name, Optional<String> value) {}
