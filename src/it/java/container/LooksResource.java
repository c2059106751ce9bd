package container;

import jakarta.json.bind.annotation.JsonbVisibility;
import jakarta.json.bind.config.PropertyVisibilityStrategy;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicInteger;

/// Answers with an object of whose class it is counted how often a JSON-B looked at it.
@Path("looks")
@Produces(MediaType.APPLICATION_JSON)
public class LooksResource {
    static final AtomicInteger LOOKS = new AtomicInteger();

    /// Asked when a JSON-B meets the class for the first time.
    public static class Counted implements PropertyVisibilityStrategy {
        @Override
        public boolean isVisible(Field field) {
            LOOKS.incrementAndGet();
            return true;
        }

        @Override
        public boolean isVisible(Method method) {
            return true;
        }
    }

    /// Something to look at.
    @JsonbVisibility(Counted.class)
    public static class Answer {
        public final String text = "anything";
    }

    @GET
    public Answer answer() {
        return new Answer();
    }
}
