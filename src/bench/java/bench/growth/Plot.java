package bench.growth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Curves over logarithmic axes, as SVG on white, so that it can be read on any page. Whatever grows linearly has the
/// slope of the dashed line.
final class Plot {
    record Point(double x, double y) {}

    record Curve(String name, List<Point> points) {}

    private static final int WIDTH = 760;
    private static final int HEIGHT = 400;
    private static final int LEFT = 90;
    private static final int RIGHT = WIDTH - 20;
    private static final int TOP = 50;
    private static final int BOTTOM = HEIGHT - 130;
    private static final int LINE = 17;
    private static final List<String> COLOURS = List.of("#0b5cad", "#b3261e", "#1b7a3d", "#7a3ea8", "#8a5a00");

    private final String title;
    private final String xLabel;
    private final String yLabel;
    private final List<Curve> curves = new ArrayList<>();

    Plot(String title, String xLabel, String yLabel) {
        this.title = title;
        this.xLabel = xLabel;
        this.yLabel = yLabel;
    }

    void with(Curve curve) {
        if (!curve.points().isEmpty()) curves.add(curve);
    }

    String svg() {
        var x = Axis.around(points().map(Point::x).toList(), LEFT, RIGHT);
        var y = Axis.inPowers(points().map(Point::y).toList(), BOTTOM, TOP);
        var svg = new StringBuilder();
        add(svg, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s" \
                font-family="sans-serif" font-size="13" fill="#222">
                <title>%s</title>
                <rect width="%d" height="%d" fill="#fff"/>
                <text x="%d" y="26" font-size="16" font-weight="bold">%s</text>
                """, WIDTH, HEIGHT, said(), title, WIDTH, HEIGHT, LEFT, title);
        grid(svg, x, y);
        linear(svg, x, y);
        for (int i = 0; i < curves.size(); i++) curve(svg, curves.get(i), i, x, y);
        return svg.append("</svg>\n").toString();
    }

    private Stream<Point> points() {
        return curves.stream().flatMap(curve -> curve.points().stream());
    }

    /// For those who do not see it: where each curve begins and ends.
    private String said() {
        var said = new StringBuilder(title + ", by " + xLabel + ", in " + yLabel + ".");
        for (Curve curve : curves) {
            Point first = curve.points().getFirst();
            Point last = curve.points().getLast();
            said.append(" %s: from %s at %s to %s at %s."
                    .formatted(curve.name(), text(first.y()), text(first.x()), text(last.y()), text(last.x())));
        }
        return said.toString();
    }

    private void grid(StringBuilder svg, Axis x, Axis y) {
        for (double tick : new TreeSet<>(points().map(Point::x).toList())) {
            add(svg, "<line x1='%1$.1f' x2='%1$.1f' y1='%2$d' y2='%3$d' stroke='#ddd'/>%n", x.at(tick), TOP, BOTTOM);
            add(svg, "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>%n", x.at(tick), BOTTOM + LINE, text(tick));
        }
        for (double tick : y.powers()) {
            add(svg, "<line x1='%d' x2='%d' y1='%3$.1f' y2='%3$.1f' stroke='#ddd'/>%n", LEFT, RIGHT, y.at(tick));
            add(svg, "<text x='%d' y='%.1f' text-anchor='end'>%s</text>%n", LEFT - 6, y.at(tick) + 4, text(tick));
        }
        int middle = (TOP + BOTTOM) / 2;
        add(
                svg,
                "<text x='%d' y='%d' text-anchor='middle'>%s</text>%n",
                (LEFT + RIGHT) / 2,
                BOTTOM + 2 * LINE + 4,
                xLabel);
        add(
                svg,
                "<text x='20' y='%1$d' text-anchor='middle' transform='rotate(-90 20 %1$d)'>%2$s</text>%n",
                middle,
                yLabel);
    }

    /// From where the first curve begins, as far as there is room.
    private void linear(StringBuilder svg, Axis x, Axis y) {
        Point first = curves.getFirst().points().getFirst();
        double end = Math.min(x.last() / first.x(), y.last() / first.y());
        add(
                svg,
                "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='#888' stroke-dasharray='6 5'/>%n",
                x.at(first.x()),
                y.at(first.y()),
                x.at(first.x() * end),
                y.at(first.y() * end));
        add(svg, "<text x='%d' y='44' text-anchor='end' fill='#666'>dashed: linear</text>%n", RIGHT);
    }

    private static void curve(StringBuilder svg, Curve curve, int number, Axis x, Axis y) {
        String colour = COLOURS.get(number % COLOURS.size());
        var path = new StringBuilder();
        for (Point point : curve.points()) add(path, "%.1f,%.1f ", x.at(point.x()), y.at(point.y()));
        add(
                svg,
                "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>%n",
                path.toString().strip(),
                colour);
        for (Point point : curve.points()) add(svg, "%s%n", mark(number, x.at(point.x()), y.at(point.y()), colour));
        int column = number / 3;
        int below = BOTTOM + 3 * LINE + 8 + number % 3 * (LINE + 2);
        int left = LEFT + column * (RIGHT - LEFT) / 2;
        add(
                svg,
                "%s<text x='%d' y='%d'>%s</text>%n",
                mark(number, left, below - 4, colour),
                left + 12,
                below,
                curve.name());
    }

    /// Told apart by shape, too.
    private static String mark(int number, double x, double y, String colour) {
        return switch (number % 3) {
            case 0 -> format("<circle cx='%.1f' cy='%.1f' r='4.5' fill='%s'/>", x, y, colour);
            case 1 -> format("<rect x='%.1f' y='%.1f' width='8' height='8' fill='%s'/>", x - 4, y - 4, colour);
            default -> format("<path d='M%.1f %.1fl5.5 9.5h-11z' fill='%s'/>", x, y - 6, colour);
        };
    }

    private static String text(double value) {
        return value >= 100 || value == Math.rint(value)
                ? format("%,.0f", value)
                : format("%.3g", value).replaceAll("(\\.\\d*?)0+$", "$1").replaceAll("\\.$", "");
    }

    private static void add(StringBuilder svg, String format, Object... arguments) {
        svg.append(format(format, arguments));
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
