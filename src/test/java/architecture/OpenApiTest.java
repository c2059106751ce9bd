package architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/// The contract, `META-INF/openapi.yaml`, says what the resources do: whoever changes one without the other is told.
class OpenApiTest {
    private static final Map<String, Object> CONTRACT = contract();

    private static Map<String, Object> contract() {
        try (InputStream file = OpenApiTest.class.getResourceAsStream("/META-INF/openapi.yaml")) {
            return new Yaml().load(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> in(Object parent, String member) {
        Object found = ((Map<String, Object>) parent).get(member);
        return found == null ? Map.of() : (Map<String, Object>) found;
    }

    /// An operation and the names of its query parameters.
    private static Map<String, List<String>> written() {
        var operations = new TreeMap<String, List<String>>();
        in(CONTRACT, "paths")
                .forEach((path, methods) -> in(Map.of("all", methods), "all")
                        .forEach((method, operation) ->
                                operations.put(method.toUpperCase(Locale.ROOT) + " " + path, queries(operation))));
        return operations;
    }

    private static List<String> queries(Object operation) {
        @SuppressWarnings("unchecked")
        var parameters =
                (List<Map<String, Object>>) ((Map<String, Object>) operation).getOrDefault("parameters", List.of());
        return parameters.stream()
                .map(OpenApiTest::resolved)
                .filter(parameter -> "query".equals(parameter.get("in")))
                .map(parameter -> String.valueOf(parameter.get("name")))
                .sorted()
                .toList();
    }

    private static Map<String, Object> resolved(Map<String, Object> parameter) {
        Object reference = parameter.get("$ref");
        if (reference == null) return parameter;
        String name = reference.toString().replaceFirst(".*/", "");
        return in(in(in(CONTRACT, "components"), "parameters"), name);
    }

    private static Map<String, List<String>> programmed() {
        var operations = new TreeMap<String, List<String>>();
        new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("plumb", "usualpizza")
                        .stream()
                        .filter(type -> type.isAnnotatedWith(Path.class))
                        .map(JavaClass::reflect)
                        .forEach(type -> add(type, operations));
        return operations;
    }

    private static void add(Class<?> resource, Map<String, List<String>> operations) {
        for (Method method : resource.getDeclaredMethods()) {
            String verb = verb(method);
            if (verb == null) continue;
            String path = "/api/"
                    + Objects.requireNonNull(resource.getAnnotation(Path.class)).value() + below(method);
            operations.put(
                    verb + " " + path,
                    Arrays.stream(method.getParameters())
                            .flatMap(OpenApiTest::query)
                            .sorted()
                            .toList());
        }
    }

    private static @Nullable String verb(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(each -> each.annotationType().getAnnotation(HttpMethod.class))
                .filter(Objects::nonNull)
                .map(HttpMethod::value)
                .findFirst()
                .orElse(null);
    }

    private static String below(Method method) {
        Path path = method.getAnnotation(Path.class);
        return path == null ? "" : "/" + path.value();
    }

    private static Stream<String> query(Parameter parameter) {
        return Stream.ofNullable(parameter.getAnnotation(QueryParam.class)).map(QueryParam::value);
    }

    @Test
    void itHasEveryOperationWithItsQueryParameters() {
        assertThat(written()).isEqualTo(programmed());
    }

    @Test
    void itsSchemasAreTheRecords() throws Exception {
        var wrong = new ArrayList<String>();
        for (Map.Entry<String, Object> schema :
                in(in(CONTRACT, "components"), "schemas").entrySet()) {
            Object record = in(Map.of("it", schema.getValue()), "it").get("x-java");
            if (record == null) continue;
            var written = new TreeSet<>(in(schema.getValue(), "properties").keySet());
            var programmed = new TreeSet<String>();
            for (RecordComponent each : Class.forName(record.toString()).getRecordComponents())
                programmed.add(each.getName());
            if (!written.equals(programmed)) wrong.add(schema.getKey() + " has " + written + ", not " + programmed);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyOperationHasANameOfItsOwnAndSaysWhatItAnswers() {
        var names = new ArrayList<Object>();
        in(CONTRACT, "paths")
                .values()
                .forEach(methods -> in(Map.of("all", methods), "all").values().forEach(operation -> {
                    Map<String, Object> known = in(Map.of("it", operation), "it");
                    names.add(known.get("operationId"));
                    assertThat(known).containsKeys("summary", "tags", "responses");
                }));
        assertThat(names).doesNotHaveDuplicates().doesNotContainNull();
    }

    /// Where there is no such thing, the servers' page would be broken, silently.
    @Test
    void everyReferenceLeadsSomewhere() {
        var references = new TreeSet<String>();
        collect(CONTRACT, references);
        for (String each : references) {
            String[] parts = each.split("/");
            assertThat(in(in(CONTRACT, parts[1]), parts[2])).as(each).containsKey(parts[3]);
        }
        assertThat(references).isNotEmpty();
    }

    private static void collect(Object node, TreeSet<String> references) {
        if (node instanceof Map<?, ?> map) {
            if (map.get("$ref") instanceof String reference) references.add(reference);
            map.values().forEach(each -> collect(each, references));
        } else if (node instanceof List<?> list) {
            list.forEach(each -> collect(each, references));
        }
    }
}
