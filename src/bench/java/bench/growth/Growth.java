package bench.growth;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import plumb.testsupport.DurablePostgres;

/// Measures part by part, each for growing sizes. Blocks for a quarter of an hour.
public final class Growth {
    private interface Part {
        void measure() throws Exception;
    }

    private final DurablePostgres postgres;
    private final Path directory;
    private final Consumer<String> out;

    /// @param directory gets the pictures
    public Growth(DurablePostgres postgres, Path directory, Consumer<String> out) {
        this.postgres = postgres;
        this.directory = directory;
        this.out = out;
    }

    /// @param words names of parts; none of them: all. And `smoke`: the smallest sizes, to see that it runs
    public void run(Collection<String> words) throws Exception {
        Sizes sizes = words.contains("smoke") ? Sizes.SMOKE : Sizes.ALL;
        Map<String, Part> parts = parts(sizes);
        boolean all = parts.keySet().stream().noneMatch(words::contains);
        for (Map.Entry<String, Part> part : parts.entrySet())
            if (all || words.contains(part.getKey())) part.getValue().measure();
    }

    private Map<String, Part> parts(Sizes sizes) {
        var parts = new LinkedHashMap<String, Part>();
        parts.put("customers", () -> new LiveCustomers(sizes.customers()).measure(this::keep));
        parts.put("ranges", () -> {
            new RangesInMemory(sizes).measure(this::keep);
            new RangesInPostgres(postgres, sizes).measure(this::keep);
        });
        parts.put("sizes", () -> new OrderSizes(postgres, sizes).measure(this::keep));
        parts.put("leases", () -> new LeasePlane(sizes).measure(this::keep));
        parts.put("servers", () -> new RealServers(postgres, sizes).measure(this::keep));
        return parts;
    }

    private void keep(Sheet sheet) {
        sheet.print(out);
        sheet.draw(directory);
    }
}
