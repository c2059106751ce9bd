package plumb.admin;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import org.jspecify.annotations.Nullable;

/// Behind `/admin/login.xhtml`, whose form goes to [plumb.access.LoginServlet].
@Named
@RequestScoped
public class LoginPage {
    private @Nullable String to;
    private @Nullable String failed;

    /// The page that is shown then.
    public @Nullable String getTo() {
        return to;
    }

    public void setTo(@Nullable String to) {
        this.to = to;
    }

    public @Nullable String getFailed() {
        return failed;
    }

    public void setFailed(@Nullable String failed) {
        this.failed = failed;
    }

    /// Null: nothing has gone wrong.
    public @Nullable String getProblem() {
        if (failed == null) return null;
        return switch (failed) {
            case "locked" -> "Too many wrong passwords. Wait for five minutes.";
            case "away" -> "Nobody can log in now: the database does not answer, or too many are trying.";
            default -> "The name or the password is wrong.";
        };
    }
}
