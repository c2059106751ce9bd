package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.Valid;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import plumb.Owned;
import plumb.keyspace.Domains;
import plumb.keyspace.KeyType;

class OwnedRequestsTest {
    private static final String EXAMPLE = KeyType.UUID.example();

    record Body(String text) {}

    record Other(int number) {}

    @Path("/notes/{note: [a-f0-9-]{36}}/")
    @Owned("note")
    static class Notes {
        @GET
        public String whole(@PathParam("note") String note) {
            return note;
        }

        @GET
        @Path("lines/{line}")
        public String line(@PathParam("note") String note, @PathParam("line") String line) {
            return note + line;
        }

        @PUT
        public void put(
                @PathParam("note") String note,
                @HeaderParam("If-Match") String match,
                @Context UriInfo uri,
                @Valid Body body) {}

        public String noResource(Other other) {
            return "";
        }
    }

    @Path("mixed")
    static class Mixed {
        @GET
        public String nobodys() {
            return "";
        }

        @PUT
        public void alsoNobodys(Other other) {}

        @GET
        @Path("{note}")
        @Owned("note")
        public String somebodys(@PathParam("note") String note) {
            return note;
        }
    }

    private final List<Class<?>> classes = List.of(Notes.class, Mixed.class, Body.class);

    @Test
    void everyGetOfAnOwnedResourceIsAskedForTheExample() {
        var domains = new Domains(Map.of("note", KeyType.UUID));

        assertThat(OwnedRequests.gets(classes, domains)).containsOnlyKeys("note");
        assertThat(OwnedRequests.gets(classes, domains).get("note"))
                .containsExactlyInAnyOrder(
                        "/api/notes/" + EXAMPLE,
                        "/api/notes/" + EXAMPLE + "/lines/" + EXAMPLE,
                        "/api/mixed/" + EXAMPLE);
    }

    @Test
    void bodiesAreThoseThatOwnedResourcesTake() {
        assertThat(OwnedRequests.bodies(classes)).containsExactly(Body.class);
    }

    @Test
    void aDomainThatIsNotThereIsLeftOut() {
        assertThat(OwnedRequests.gets(classes, new Domains(Map.of()))).isEmpty();
    }
}
