package plumb.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A body that says a few times that it has ended, and then fails. A JSON reader that passes over a value which nobody
/// closes asks again and again ([parsson 23](https://github.com/eclipse-ee4j/parsson/issues/23)): `{"a":{` would keep a
/// worker busy for good.
final class Ending extends FilterInputStream {
    private static final int PATIENCE = 100;
    private int ends;

    Ending(InputStream body) {
        super(body);
    }

    @Override
    public int read() throws IOException {
        return checked(super.read());
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        return checked(super.read(into, from, most));
    }

    private int checked(int read) throws IOException {
        if (read < 0 && ++ends > PATIENCE) throw new IOException("the body has ended");
        return read;
    }
}
