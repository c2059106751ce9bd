package plumb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {
    private record Person(@Nullable UUID id, @Nullable String name, List<String> tags) {}

    private static final Person JOE =
            new Person(UUID.fromString("d1a3c7d2-0a6b-4a52-9c7e-6f4d1b7a9e10"), "Joe", List.of("x", "y"));

    @Test
    void namesBecomePositionsAndValuesComeInTheirOrder() {
        var statement = Statement.of(Person.class, "insert into person (name, id) values (:name, :id)");

        assertThat(statement.sql()).isEqualTo("insert into person (name, id) values (?, ?)");
        assertThat(bound(statement, JOE)).containsExactly("Joe", JOE.id());
    }

    @Test
    void repeatedNameIsBoundAtEachPlace() {
        var statement = Statement.of(
                Person.class, "update person set name = :name where id = :id and name <> :name or :id = id");

        assertThat(statement.sql()).isEqualTo("update person set name = ? where id = ? and name <> ? or ? = id");
        assertThat(bound(statement, JOE)).containsExactly("Joe", JOE.id(), "Joe", JOE.id());
    }

    @Test
    void nullAndListArriveAsTheyAre() {
        var statement = Statement.of(Person.class, "insert into person values (:id, :name, :tags)");

        assertThat(bound(statement, new Person(null, null, List.of("a")))).containsExactly(null, null, List.of("a"));
    }

    @Test
    void tenureIsBoundByTheEngine() {
        var statement = Statement.of(Person.class, "insert into person values (:id, :range, :epoch, :range)");

        assertThat(bound(statement, JOE))
                .containsExactly(JOE.id(), "engine's range", "engine's epoch", "engine's range");
    }

    @Test
    void componentOfTheRecordComesBeforeTheEngine() {
        record Own(int range) {}

        assertThat(bound(Statement.of(Own.class, "insert into own values (:range, :epoch)"), new Own(7)))
                .containsExactly(7, "engine's epoch");
    }

    /// None of them names a parameter.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "select ':name'",
                "select 'it''s :name'",
                "select '' || ':name'",
                "select \":name\" from person",
                "select \"a\"\":name\" from person",
                "select 1 -- :name",
                "select 1 -- it's :name",
                "select /* :name */ 1",
                "select /* it's\n:name */ 1",
                "select E'it\\'s :name'",
                "select e'\\\\', ':name'",
                "select $$ :name $$",
                "select $q$ it's :name $q$",
                "select '1'::name",
                "select '?', \"?\" -- ?",
                "select tags[1:2] from person",
            })
    void quotedTextCommentsAndCastsAreLeftAlone(String sql) {
        var statement = Statement.of(Person.class, sql);

        assertThat(statement.sql()).isEqualTo(sql);
        assertThat(bound(statement, JOE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "select :name::text|select ?::text",
                "select ':x', :name|select ':x', ?",
                "select 'it''s', :name, ''|select 'it''s', ?, ''",
                "select E'\\\\', :name|select E'\\\\', ?",
                "select '\\', :name|select '\\', ?",
                "select /* :x */ :name|select /* :x */ ?",
                "select /**/:name/**/|select /**/?/**/",
                "select $$:x$$, :name|select $$:x$$, ?",
                "select $a$ $$ :x $a$, :name|select $a$ $$ :x $a$, ?",
                "select 2*:name-1|select 2*?-1",
                "select array[:name]|select array[?]",
                "select \"a:b\", :name|select \"a:b\", ?",
                "select e'x:y', name'x\\', :name, 'y'|select e'x:y', name'x\\', ?, 'y'",
                "select a$b$, :name, c$b$|select a$b$, ?, c$b$",
                "select body ? 'k' and body ?& :name|select body ?? 'k' and body ??& ?",
            })
    void parametersBesideThemAreFound(String sql, String jdbc) {
        var statement = Statement.of(Person.class, sql);

        assertThat(statement.sql()).isEqualTo(jdbc);
        assertThat(bound(statement, JOE)).containsExactly("Joe");
    }

    @Test
    void commentEndsWithItsLine() {
        assertThat(Statement.of(Person.class, "select 1 -- :x\n, :name").sql()).isEqualTo("select 1 -- :x\n, ?");
    }

    @Test
    void longTextIsNoTrouble() {
        String text = "'" + "x''y".repeat(100_000) + "'";

        assertThat(Statement.of(Person.class, "select " + text + ", :name").sql())
                .isEqualTo("select " + text + ", ?");
        assertThat(Statement.of(Person.class, "select e" + text + ", :name").sql())
                .isEqualTo("select e" + text + ", ?");
    }

    @Test
    void unknownNameIsRefusedAtOnce() {
        assertThatThrownBy(() -> Statement.of(Person.class, "insert into person values (:id, :nmae)"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Person has no component for :nmae in: insert into person values (:id, :nmae)");
    }

    @Test
    void namesAreCaseSensitive() {
        assertThatThrownBy(() -> Statement.of(Person.class, "select :Name"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(":Name");
    }

    @Test
    void recordOfAnotherTypeIsRefused() {
        record Other(String name) {}
        var statement = Statement.of(Person.class, "select :name");

        assertThatThrownBy(() -> bound(statement, new Other("x"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void accessorThatThrowsIsRefused() {
        record Grumpy(String name) {
            @Override
            public String name() {
                throw new IllegalStateException("no");
            }
        }
        var statement = Statement.of(Grumpy.class, "select :name");

        assertThatThrownBy(() -> bound(statement, new Grumpy("x"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textForPeopleShowsTheBeginning() {
        assertThat(Statement.of(
                        Person.class, "  insert into person\n (id, name) values (:id, :name) returning id, name "))
                .hasToString("insert into person (id, name) values (?, ?)");
    }

    private static @Nullable Object[] bound(Statement<?> statement, Record row) {
        return statement.bind(row, name -> "engine's " + name);
    }
}
