package architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The arrows between the packages: who may import whom. They are the architecture.
class DependencyDirectionTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("plumb", "usualpizza");

    private static final String[] JDK = {"java..", "org.jspecify..", "jdk.."};

    @Test
    void theDomainApiKnowsNothingBeneathIt() {
        only("plumb", "plumb", "jakarta.enterprise..", "jakarta.inject..", "jakarta.ws.rs..");
    }

    @Test
    void theCoreIsPlainJava() {
        only("plumb.keyspace..", "plumb.keyspace..");
        only("plumb.ownership..", "plumb", "plumb.keyspace..", "plumb.ownership..");
        only("plumb.routing..", "plumb", "plumb.keyspace..", "plumb.ownership..", "plumb.routing..");
        only("plumb.balance..", "plumb", "plumb.keyspace..", "plumb.balance..");
        only("plumb.commit..", "plumb", "plumb.keyspace..", "plumb.commit..");
        only("plumb.dispatch..", "plumb", "plumb.keyspace..", "plumb.commit..", "plumb.dispatch..");
    }

    @Test
    void theClientNeedsNothingOfTheServer() {
        only("plumb.client..", "plumb.keyspace..", "plumb.client..");
        outsideMayNot("plumb.client..", "plumb.client..");
    }

    @Test
    void theEdgesKnowOnlyTheirPartOfTheCore() {
        neither("plumb.postgres..", "plumb.routing..", "plumb.dispatch..", "plumb.http..", "jakarta..");
        neither("plumb.http..", "plumb.postgres..", "plumb.commit..", "plumb.balance..", "java.sql..");
    }

    @Test
    void nobodyImportsMetricsOrAdminButRuntime() {
        outsideMayNot("plumb.metrics..", "plumb.metrics..", "plumb.admin..", "plumb.runtime..");
        outsideMayNot("plumb.admin..", "plumb.admin..", "plumb.runtime..");
    }

    @Test
    void nobodyImportsRuntimeOrTheDomain() {
        outsideMayNot("plumb.runtime..", "plumb.runtime..");
        outsideMayNot("usualpizza..", "usualpizza..");
    }

    @Test
    void theDomainImportsTheRootPackageOnly() {
        neither("usualpizza..", "plumb.(*)..");
    }

    @Test
    void sqlStaysAtTheDatabasesEdge() {
        outsideMayNot("java.sql..", "plumb.postgres..", "plumb.runtime..", "usualpizza..");
    }

    @Test
    void onlyRuntimeReadsClocks() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("plumb.runtime..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.InstantSource.class, "system"));
    }

    @Test
    void nobodySleeps() {
        check(noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class));
    }

    @Test
    void thereAreNoCycles() {
        check(slices().matching("plumb.(*)..").should().beFreeOfCycles());
    }

    private static void only(String from, String... to) {
        check(ArchRuleDefinition.classes()
                .that()
                .resideInAPackage(from)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        Stream.concat(Arrays.stream(to), Arrays.stream(JDK)).toArray(String[]::new)));
    }

    private static void neither(String from, String... to) {
        check(noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(to));
    }

    private static void outsideMayNot(String target, String... allowed) {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(target));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }
}
