package dev.countersign.people;

import dev.countersign.oauth.Risk;
import java.time.Duration;

/// How lately somebody must have proved who they are before they approve.
///
/// @param from the least risk that takes it
/// @param within how long ago it may have been
public record StepUp(Risk from, Duration within) {}
