package plumb.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
    @Test
    void aPasswordMatchesItsHashAndNoOther() {
        String hash = Passwords.hash("margherita");

        assertThat(Passwords.match("margherita", hash)).isTrue();
        assertThat(Passwords.match("Margherita", hash)).isFalse();
        assertThat(Passwords.match("", hash)).isFalse();
        assertThat(Passwords.hash("margherita")).isNotEqualTo(hash);
    }

    /// Tables have been filled by it.
    @Test
    void whatJakartaSecurityHashedMatches() {
        String hash =
                "PBKDF2WithHmacSHA512:210000:PwkMOJpOH+QHtsg+3L+azw==:HGe2SGYm0HXNS0L/msTCue+pgZCp/kyAQ6IwFIpiEyw=";

        assertThat(Passwords.match("a pizza, as usual: Ωλ", hash)).isTrue();
        assertThat(Passwords.match("a pizza, as usual", hash)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "margherita",
                "PBKDF2WithHmacSHA512:1:AAAA",
                "PBKDF2WithHmacSHA512:1:AAAA:",
                "PBKDF2WithHmacSHA512:1::AAAA",
                "PBKDF2WithHmacSHA512:0:AAAA:AAAA",
                "PBKDF2WithHmacSHA512:many:AAAA:AAAA",
                "PBKDF2WithHmacSHA512:1:AAAA:!",
                "PBKDF2WithHmacMD5:1:AAAA:AAAA"
            })
    void whatIsNoHashMatchesNothing(String kept) {
        assertThat(Passwords.match("", kept)).isFalse();
        assertThat(Passwords.match("margherita", kept)).isFalse();
    }
}
