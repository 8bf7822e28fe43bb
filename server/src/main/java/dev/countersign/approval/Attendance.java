package dev.countersign.approval;

import dev.countersign.people.Absences;
import dev.countersign.people.Memberships;

/// Who belongs where, and who is away, as one transaction sees it.
record Attendance(Memberships.View people, Absences.View absences) {}
