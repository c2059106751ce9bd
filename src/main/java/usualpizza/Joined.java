package usualpizza;

import java.util.List;

/// Names of ingredients as one text, as the tables keep them. The menu has no name with a comma.
final class Joined {
    private Joined() {}

    static String text(List<String> names) {
        return String.join(",", names);
    }

    static List<String> names(String text) {
        return List.of(text.split(",", -1));
    }
}
