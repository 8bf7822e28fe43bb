package dev.countersign;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/// Tests of what comes out the same on each store: words, pages, rules, signatures, what is sent on the wire. A build
/// runs
/// them once, on SQLite, while all that reads or writes, races or fails runs on PostgreSQL as well; each statement that
/// they give a store, others give both.
///
/// With `-Dpostgresql.without=` it runs these on PostgreSQL, too.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("one-store")
public @interface OneStore {}
