package usualpizza;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import plumb.Overloaded;

/// The stock in the table of ingredients. Not written through [plumb.Writes]: it belongs to no customer, and the
/// database puts those who want the same ingredient in order.
@ApplicationScoped
public class StoreRoom implements Stock {
    private static final System.Logger LOG = System.getLogger(StoreRoom.class.getName());

    /// Safe under races: the row is locked, and read again if somebody else was first, before it is decided how many
    /// are taken.
    private static final String TAKE = """
            with portions as (
                select i.name, greatest(?, least(?, i.stock / 4)) as taken from usualpizza.ingredient i
                 where i.name = ? and i.stock >= ? for no key update)
            update usualpizza.ingredient i set stock = i.stock - p.taken from portions p where i.name = p.name
            returning p.taken""";

    private static final String GIVE_BACK = "update usualpizza.ingredient set stock = stock + ? where name = ?";

    @Resource(lookup = "java:app/jdbc/plumb")
    DataSource database;

    @Override
    public int take(String ingredient, int least, int most) {
        try (Connection connection = database.getConnection();
                PreparedStatement take = connection.prepareStatement(TAKE)) {
            take.setInt(1, least);
            take.setInt(2, most);
            take.setString(3, ingredient);
            take.setInt(4, least);
            try (ResultSet taken = take.executeQuery()) {
                return taken.next() ? taken.getInt(1) : 0;
            }
        } catch (SQLException e) {
            throw away(e);
        }
    }

    @Override
    public void giveBack(String ingredient, int portions) {
        try (Connection connection = database.getConnection();
                PreparedStatement giveBack = connection.prepareStatement(GIVE_BACK)) {
            giveBack.setInt(1, portions);
            giveBack.setString(2, ingredient);
            giveBack.executeUpdate();
        } catch (SQLException e) {
            throw away(e);
        }
    }

    private static Overloaded away(SQLException e) {
        LOG.log(System.Logger.Level.WARNING, () -> "the store room does not answer: " + e.getMessage());
        return new Overloaded(Overloaded.Scope.INSTANCE, "the store room does not answer");
    }
}
