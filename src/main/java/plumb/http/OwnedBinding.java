package plumb.http;

import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.Idempotent;
import plumb.Owned;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;

/// What [Owned] and [Idempotent] say about one resource method.
record OwnedBinding(String domain, String parameter, boolean idempotent) {

    /// The annotation on the method counts before the one on the class.
    ///
    /// @param resource possibly a container's subclass of what was written
    static OwnedBinding of(Class<?> resource, Method method) {
        Owned owned = method.getAnnotation(Owned.class);
        if (owned == null) owned = onClass(method.getDeclaringClass());
        if (owned == null) owned = onClass(resource);
        if (owned == null) throw new IllegalStateException("no @Owned on " + method);
        String parameter = owned.param().isEmpty() ? owned.value() : owned.param();
        return new OwnedBinding(owned.value(), parameter, method.isAnnotationPresent(Idempotent.class));
    }

    private static @Nullable Owned onClass(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            Owned owned = each.getAnnotation(Owned.class);
            if (owned != null) return owned;
        }
        return null;
    }

    /// The key in the path. What filter and resource method could read differently is no key.
    ///
    /// @throws ProblemException 400
    Key key(UriInfo uri, Domains domains) {
        if (uri.getRequestUri().getRawPath().indexOf(';') >= 0) throw bad("the path must not have matrix parameters");
        List<String> values = uri.getPathParameters(true).get(parameter);
        if (values == null || values.size() != 1) throw bad("must stand in the path exactly once");
        String text = values.getFirst();
        if (text.equals(".") || text.equals("..") || text.chars().anyMatch(OwnedBinding::isAmbiguous))
            throw bad("must not contain slashes, percent signs, control characters or dots alone");
        try {
            return domains.key(domain(uri), text);
        } catch (IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    private String domain(UriInfo uri) {
        if (!domain.startsWith("{")) return domain;
        return String.valueOf(uri.getPathParameters(true).getFirst(domain.substring(1, domain.length() - 1)));
    }

    // decoded once by one reader, twice by another, cut by a third
    private static boolean isAmbiguous(int c) {
        return c == '/' || c == '\\' || c == '%' || c == ';' || Character.isISOControl(c);
    }

    private ProblemException bad(String why) {
        return new ProblemException(
                Problem.of(400, "bad-key", parameter + ": " + why).with("parameter", parameter));
    }
}
