package container;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/// Written through Jakarta Persistence, by a `@Transactional` method.
@Entity
@Table(name = "tally_note", schema = "container")
public class TallyNote {
    @Id
    @Column(name = "tally")
    private String tally = "";

    @Column(name = "note")
    private String note = "";

    protected TallyNote() {}

    TallyNote(String tally, String note) {
        this.tally = tally;
        this.note = note;
    }

    void rewrite(String text) {
        note = text;
    }

    String note() {
        return note;
    }
}
