package plumb.keyspace;

import java.nio.charset.StandardCharsets;

/// A key's place in the key space, `0 … 2^32-1`.
///
/// The function is **frozen**: it is a wire format between instances of different versions and lives in every database.
/// It is FNV-1a (64 bit) over the canonical text's UTF-8 bytes, mixed by Murmur3's 64-bit finaliser, upper 32 bits. The
/// mixing matters: version 7 UUIDs of one minute share their first bytes and would all land in one range.
public record Slot(long value) {
    /// Names the function; stored with each domain, so that a changed function refuses to start instead of misrouting.
    public static final int FUNCTION_VERSION = 1;

    /// One more than the largest slot.
    public static final long SPACE = 1L << 32;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final char MAX_ASCII = 0x7f; // up to there UTF-8 is the character itself

    public Slot {
        if (value < 0 || value >= SPACE) throw new IllegalArgumentException("slot out of [0, 2^32): " + value);
    }

    /// The slot of a canonical key text. Allocates nothing but the result if the text is ASCII: every request asks.
    public static Slot of(String canonicalKey) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < canonicalKey.length(); i++) {
            char c = canonicalKey.charAt(i);
            if (c > MAX_ASCII) return of(canonicalKey.getBytes(StandardCharsets.UTF_8));
            hash = add(hash, c);
        }
        return ofHash(hash);
    }

    /// The slot of a key's canonical bytes.
    public static Slot of(byte[] canonical) {
        long hash = FNV_OFFSET;
        for (byte b : canonical) hash = add(hash, b & 0xff);
        return ofHash(hash);
    }

    private static long add(long hash, int octet) {
        return (hash ^ octet) * FNV_PRIME;
    }

    private static Slot ofHash(long hash) {
        return new Slot(mix(hash) >>> 32);
    }

    private static long mix(long h) {
        h ^= h >>> 33;
        h *= 0xff51afd7ed558ccdL;
        h ^= h >>> 33;
        h *= 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
