package bench.growth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Figures for growing sizes: a line for each size, a column for each figure, and pictures of some columns.
final class Sheet {
    private record Line(double size, List<Double> figures) {}

    private record Picture(String file, Plot plot, List<Integer> columns) {}

    private final String size;
    private final List<String> columns;
    private final List<Line> lines = new ArrayList<>();
    private final List<Picture> pictures = new ArrayList<>();

    /// @param size what grows
    /// @param columns each with its unit
    Sheet(String size, String... columns) {
        this.size = size;
        this.columns = List.of(columns);
    }

    /// A picture of these columns, which have one unit.
    ///
    /// @param which from 0
    Sheet picture(String file, String title, String unit, int... which) {
        var plot = new Plot(title, size, unit);
        pictures.add(new Picture(file, plot, IntStream.of(which).boxed().toList()));
        return this;
    }

    /// @param figures one for each column, positive
    void add(double size, double... figures) {
        if (figures.length != columns.size()) throw new IllegalArgumentException("a figure for each of " + columns);
        lines.add(new Line(
                size,
                IntStream.range(0, figures.length).mapToObj(i -> figures[i]).toList()));
        System.out.println(size + ": " + lines.getLast().figures());
    }

    /// The same, of which the smallest size was added last.
    Sheet ascending() {
        Collections.reverse(lines);
        return this;
    }

    /// As Markdown. Below, the power of the size that each figure grew with from the last but one to the last: 1 is
    /// linear, 0 does not grow.
    void print(Consumer<String> out) {
        out.accept("");
        out.accept("| " + size + " | " + String.join(" | ", columns) + " |");
        out.accept("|---:" + "|---:".repeat(columns.size()) + "|");
        for (Line line : lines)
            out.accept(row(
                    number(line.size()),
                    line.figures().stream().map(Sheet::number).toList()));
        if (lines.size() < 2) return;
        out.accept(row(
                "*last step: size to the power of*",
                IntStream.range(0, columns.size()).mapToObj(this::power).toList()));
    }

    private static String row(String head, List<String> cells) {
        return "| " + head + " | " + String.join(" | ", cells) + " |";
    }

    private String power(int column) {
        Line last = lines.getLast();
        Line before = lines.get(lines.size() - 2);
        double power = Math.log(last.figures().get(column) / before.figures().get(column))
                / Math.log(last.size() / before.size());
        return Double.isFinite(power) ? String.format(Locale.ROOT, "*%.1f*", power) : "";
    }

    /// With three digits, or all before the point.
    private static String number(double value) {
        if (value >= 100 || value == Math.rint(value)) return String.format(Locale.ROOT, "%,.0f", value);
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f", value);
    }

    void draw(Path directory) {
        for (Picture picture : pictures) {
            for (int column : picture.columns())
                picture.plot()
                        .with(new Plot.Curve(
                                columns.get(column),
                                lines.stream()
                                        .map(line -> new Plot.Point(
                                                line.size(), line.figures().get(column)))
                                        .filter(point -> point.y() > 0)
                                        .collect(Collectors.toList())));
            try {
                Files.writeString(
                        directory.resolve(picture.file()), picture.plot().svg());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
