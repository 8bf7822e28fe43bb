package dev.countersign;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The packages stand in an order, and each names only those below it.
final class PackageOrderTest {
    private static final String OURS = "dev.countersign";

    /// From top to bottom. Packages on one line never name one another.
    private static final List<List<String>> LINES = List.of(
            List.of(""),
            List.of("cli"),
            List.of("demo"),
            List.of("wiring"),
            List.of("dashboard", "publish"),
            List.of("access", "doctor", "proof", "replay"),
            List.of("config"),
            List.of(
                    "token",
                    "authorize",
                    "device",
                    "backchannel",
                    "transaction",
                    "inspect",
                    "discovery",
                    "review",
                    "notify",
                    "scim",
                    "admin"),
            List.of("mint"),
            List.of("approval", "signin", "oncall"),
            List.of("issued", "source"),
            List.of("client", "policy", "usage", "people"),
            List.of("ledger"),
            List.of("oauth", "store", "passkey"),
            List.of("http", "outward"));

    /// Who may name a library, by how its packages start. One that is not here belongs to the first package that takes
    /// it.
    private static final Map<String, String> OWNERS = Map.ofEntries(
            Map.entry("org.eclipse.jetty", "http"),
            Map.entry("org.flywaydb", "store"),
            Map.entry("com.zaxxer.hikari", "store"),
            Map.entry("org.sqlite", "store"),
            Map.entry("org.dmfs", "oncall"),
            Map.entry("dev.cel", "policy"),
            Map.entry("org.snakeyaml", "config"),
            Map.entry("com.networknt", "oauth"),
            Map.entry("com.password4j", "people"),
            Map.entry("picocli", "cli"),
            Map.entry("gg.jte", "dashboard"),
            Map.entry("jakarta.mail", "notify"),
            Map.entry("org.eclipse.angus", "notify"));

    /// The JDK, what compiles away, and the four libraries that any package may name.
    private static final List<String> EVERYBODYS = List.of(
            "java.",
            "javax.",
            "org.jspecify.",
            "com.nimbusds.",
            "com.github.benmanes.caffeine.",
            "tools.jackson.",
            "com.fasterxml.jackson.annotation.",
            "org.slf4j.",
            "org.jdbi.");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OURS);

    @Test
    void a_package_names_only_packages_on_lower_lines() {
        classes()
                .should(dependOnlyOn("packages on lower lines", (from, to) -> {
                    if (!isOurs(to)) {
                        return true;
                    }
                    var here = part(from);
                    var there = part(to);
                    return here.equals(there) || line(here) < line(there);
                }))
                .check(CLASSES);
    }

    @Test
    void every_package_has_its_line() {
        var lines = LINES.stream().flatMap(List::stream).toList();
        assertThat(CLASSES.stream().map(PackageOrderTest::part).collect(Collectors.toSet()))
                .isSubsetOf(lines);
    }

    @Test
    void a_library_is_named_by_its_own_package_only() {
        classes()
                .should(dependOnlyOn(
                        "libraries that are theirs",
                        (from, to) -> OWNERS.entrySet().stream()
                                .filter(library -> to.getPackageName().equals(library.getKey())
                                        || to.getPackageName().startsWith(library.getKey() + "."))
                                .allMatch(library -> part(from).equals(library.getValue()))))
                .check(CLASSES);
    }

    @Test
    void no_library_is_named_by_two_packages() {
        var users = new TreeMap<String, TreeSet<String>>();
        for (var from : CLASSES) {
            for (var dependency : from.getDirectDependenciesFromSelf()) {
                var to = dependency.getTargetClass().getBaseComponentType();
                if (isForeign(to)) {
                    users.computeIfAbsent(library(to), _ -> new TreeSet<>()).add(part(from));
                }
            }
        }
        assertThat(users).allSatisfy((library, packages) -> assertThat(packages).hasSize(1));
    }

    @Test
    void sql_stands_only_in_plurals_and_in_the_store_and_the_ledger() {
        noClasses()
                .that(are(
                        "outside store, ledger and plurals",
                        type -> !List.of("store", "ledger").contains(part(type))
                                && !isPlural(outermost(type).getSimpleName())))
                .should()
                // An exception that passes through is not SQL.
                .dependOnClassesThat(are(
                        "SQL",
                        type -> !type.getName().equals("java.sql.SQLException")
                                && Stream.of("java.sql.", "javax.sql.", "org.jdbi.")
                                        .anyMatch(type.getName()::startsWith)))
                .check(CLASSES);
    }

    @Test
    void policies_and_states_touch_no_disk_network_or_sql() {
        noClasses()
                .that(arePure())
                .should()
                .dependOnClassesThat(are(
                        "disk, network or SQL",
                        type -> Stream.of(
                                        "java.nio.file.",
                                        "java.nio.channels.",
                                        "java.net.http.",
                                        "java.sql.",
                                        "javax.sql.",
                                        "javax.net.",
                                        "org.jdbi.",
                                        OURS + ".store.",
                                        OURS + ".ledger.",
                                        "java.io.File",
                                        "java.io.RandomAccessFile",
                                        "java.net.Socket",
                                        "java.net.ServerSocket",
                                        "java.net.DatagramSocket",
                                        "java.net.URLConnection",
                                        "java.net.HttpURLConnection")
                                .anyMatch(type.getName()::startsWith)))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void policies_and_states_are_told_the_time() {
        noClasses()
                .that(arePure())
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(java.time.Clock.class, java.time.InstantSource.class)
                .orShould()
                .accessTargetWhere(asksTheTime())
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaAccess<?>> asksTheTime() {
        return DescribedPredicate.describe("asks the time", access -> {
            var target = access.getTarget();
            var owner = target.getOwner().getName();
            boolean javaTime =
                    owner.startsWith("java.time.") && target.getName().equals("now");
            boolean system = owner.equals("java.lang.System")
                    && List.of("currentTimeMillis", "nanoTime").contains(target.getName());
            return javaTime || system;
        });
    }

    /// The package `policy` and the states of an approval.
    private static DescribedPredicate<JavaClass> arePure() {
        return are(
                "policies or states",
                type -> part(type).equals("policy") || outermost(type).getName().equals(OURS + ".approval.Approval"));
    }

    private static DescribedPredicate<JavaClass> are(String what, Predicate<JavaClass> test) {
        return DescribedPredicate.describe("are " + what, test);
    }

    private static ArchCondition<JavaClass> dependOnlyOn(String what, BiPredicate<JavaClass, JavaClass> allowed) {
        return new ArchCondition<>("depend only on " + what) {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                var seen = new HashMap<JavaClass, Dependency>();
                for (var dependency : from.getDirectDependenciesFromSelf()) {
                    seen.putIfAbsent(dependency.getTargetClass().getBaseComponentType(), dependency);
                }
                seen.forEach((to, dependency) -> {
                    if (!allowed.test(from, to)) {
                        events.add(SimpleConditionEvent.violated(from, dependency.getDescription()));
                    }
                });
            }
        };
    }

    /// The package below ours that a class stands in: `http`, or nothing for the topmost one.
    private static String part(JavaClass type) {
        var name = type.getPackageName().substring(OURS.length());
        return name.isEmpty() ? "" : name.substring(1).split("\\.", -1)[0];
    }

    private static int line(String part) {
        for (int at = 0; at < LINES.size(); at++) {
            if (LINES.get(at).contains(part)) {
                return at;
            }
        }
        throw new AssertionError("the package " + part + " has no line here");
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(OURS) || type.getPackageName().startsWith(OURS + ".");
    }

    private static boolean isForeign(JavaClass type) {
        return !type.isPrimitive() && !isOurs(type) && EVERYBODYS.stream().noneMatch(type.getName()::startsWith);
    }

    /// A library by its first three package names, or as many as it has: `com.github.benmanes`, `picocli`.
    private static String library(JavaClass type) {
        return Stream.of(type.getPackageName().split("\\.", -1)).limit(3).collect(Collectors.joining("."));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(PackageOrderTest::outermost).orElse(type);
    }

    private static boolean isPlural(String name) {
        return name.equals("People") || (name.endsWith("s") && !name.endsWith("ss"));
    }
}
