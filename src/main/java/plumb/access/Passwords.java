package plumb.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.spec.KeySpec;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Passwords, as they are kept: `PBKDF2WithHmacSHA512:<times>:<salt>:<hash>`, the text that Jakarta Security's
/// `Pbkdf2PasswordHash` makes. That bean itself is not on every server for an application without a mechanism of its
/// own.
///
/// Each takes a tenth of a second of a processor, by intention.
final class Passwords {
    private static final String ALGORITHM = "PBKDF2WithHmacSHA512";
    private static final int TIMES = 210_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Passwords() {}

    static String hash(String password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        Base64.Encoder text = Base64.getEncoder();
        return ALGORITHM + ":" + TIMES + ":" + text.encodeToString(salt) + ":"
                + text.encodeToString(derived(password, salt, TIMES, HASH_BYTES));
    }

    /// @param kept as [#hash] made it, perhaps with another number of times; what is none matches nothing
    static boolean match(String password, String kept) {
        String[] parts = kept.split(":", -1);
        if (parts.length != 4 || !parts[0].equals(ALGORITHM)) return false;
        try {
            byte[] hash = Base64.getDecoder().decode(parts[3]);
            byte[] salt = Base64.getDecoder().decode(parts[2]);
            int times = Integer.parseInt(parts[1]);
            return hash.length >= HASH_BYTES
                    && salt.length > 0
                    && times > 0
                    && MessageDigest.isEqual(hash, derived(password, salt, times, hash.length));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] derived(String password, byte[] salt, int times, int bytes) {
        KeySpec key = new PBEKeySpec(password.toCharArray(), salt, times, bytes * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(key).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
