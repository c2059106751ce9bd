package plumb.admin;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import org.jspecify.annotations.Nullable;
import plumb.http.Problem;
import plumb.http.ProblemException;

/// Members of what an operator sends.
final class Bodies {
    static final int LONGEST = 500;

    private Bodies() {}

    /// @throws ProblemException 422, if it is missing, empty, too long or no text
    static String text(@Nullable JsonObject body, String member) {
        if (body == null || !(body.get(member) instanceof JsonString text)) throw bad(member, "a text is required");
        String value = text.getString().strip();
        if (value.isEmpty() || value.length() > LONGEST) throw bad(member, "1 to " + LONGEST + " characters");
        return value;
    }

    /// @throws ProblemException 422, if it is missing or no whole number
    static long number(JsonObject body, String member) {
        if (!(body.get(member) instanceof JsonNumber number) || !number.isIntegral())
            throw bad(member, "a whole number is required");
        return number.longValue();
    }

    private static ProblemException bad(String member, String what) {
        return new ProblemException(
                Problem.of(422, "invalid", member + ": " + what + ".").with("pointer", "#/" + member));
    }
}
