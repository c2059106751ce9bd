package usualpizza;

/// What a text from outside may hold and how long it may be.
final class Texts {
    /// No control characters (Postgres refuses NUL) and no half of a surrogate pair (it would come back as another).
    static final String PLAIN = "[^\\p{Cc}\\p{Cs}]*";

    static final String NOT_PLAIN = "must not contain control characters";
    static final int NAME = 100;
    static final int LINE = 200;
    static final int MENU_NAME = 40;
    static final int INGREDIENTS = 20;

    private Texts() {}
}
