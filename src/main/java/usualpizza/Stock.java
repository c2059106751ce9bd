package usualpizza;

/// What lies in the store room, for all instances together. Any thread; each call blocks for one short transaction, in
/// which it touches one row: nobody can wait for each other.
interface Stock {
    /// Takes portions of one ingredient out: the fewer, the less there is, so that others get some.
    ///
    /// @param least if there are not so many, none is taken
    /// @param most unless `least` is more
    /// @return how many were taken
    /// @throws plumb.Overloaded if the database did not answer; what was taken, if it was, is lost
    int take(String ingredient, int least, int most);

    /// Puts them back.
    ///
    /// @throws plumb.Overloaded if the database did not answer; then they may be lost
    void giveBack(String ingredient, int portions);
}
