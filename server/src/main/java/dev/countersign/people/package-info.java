/// Reviewers, their groups and how they sign in.
@NullMarked
package dev.countersign.people;

import org.jspecify.annotations.NullMarked;
