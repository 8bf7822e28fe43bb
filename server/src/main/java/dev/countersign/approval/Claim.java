package dev.countersign.approval;

import dev.countersign.people.PersonId;
import java.time.Instant;

/// A reviewer's word that they look into a pending request, so that others need not. It keeps nobody from voting.
///
/// @param until when it lapses
public record Claim(PersonId person, Instant until) {}
