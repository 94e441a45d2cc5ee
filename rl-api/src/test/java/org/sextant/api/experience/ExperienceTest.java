// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ExperienceTest {
    private static final Column<int[]> IDS = Column.ints("ids", Domain.TOKEN);
    private static final Column<double[]> SCORE = Column.doubles("score", Domain.ROW);
    private static final Column<double[]> VALUE = Column.doubles("value", Domain.STATE);
    private static final Column<String[]> NAME = Column.texts("name", Domain.ROW);

    /** Rows of 2, 0 and 3 tokens. */
    private static final Experience BATCH = Experience.of(
            Layout.ofLengths(2, 0, 3),
            Columns.of(IDS, new int[] {10, 11, 30, 31, 32})
                    .with(SCORE, new double[] {1, 2, 3})
                    .with(VALUE, new double[] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8})
                    .with(NAME, new String[] {"a", "b", "c"}));

    @Test
    void layoutSaysWhereRowsAre() {
        Layout layout = BATCH.layout();
        assertThat(new int[] {layout.rows(), layout.tokens(), layout.states()}).containsExactly(3, 5, 8);
        assertThat(new int[] {layout.start(2), layout.end(2), layout.length(2)}).containsExactly(2, 5, 3);
        assertThat(new int[] {layout.stateStart(0), layout.stateStart(1), layout.stateStart(2)})
                .containsExactly(0, 3, 4);
        assertThat(layout.rowOfToken()).containsExactly(0, 0, 2, 2, 2);
        assertThat(layout.stateOfToken()).containsExactly(0, 1, 4, 5, 6);
        assertThat(layout.size(Domain.SCALAR)).isEqualTo(1);
        assertThatThrownBy(() -> layout.size(Domain.VECTOR)).hasMessageContaining("length of its own");
        assertThatThrownBy(() -> Layout.ofLengths(1, -2)).hasMessageContaining("row 1 has length -2");
        assertThat(Layout.ofLengths()).isEqualTo(Layout.ofLengths(new int[0])).isNotEqualTo(Layout.ofLengths(0));
    }

    @Test
    void selectTakesRowsOfEveryDomainInOrder() {
        Experience chosen = BATCH.select(Rows.of(2, 0, 2, 1));
        assertThat(chosen.layout()).isEqualTo(Layout.ofLengths(3, 2, 3, 0));
        assertThat(chosen.get(IDS)).containsExactly(30, 31, 32, 10, 11, 30, 31, 32);
        assertThat(chosen.get(SCORE)).containsExactly(3, 1, 3, 2);
        assertThat(chosen.get(VALUE)).containsExactly(0.5, 0.6, 0.7, 0.8, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.4);
        assertThat(chosen.get(NAME)).containsExactly("c", "a", "c", "b");
        assertThat(BATCH.select(Rows.of()).rows()).isZero();
    }

    @Test
    void concatUndoesSelect() {
        Experience parts = Experience.concat(List.of(
                BATCH.select(Rows.of(0)), BATCH.select(Rows.of()), BATCH.select(Rows.where(3, row -> row > 0))));
        assertThat(parts.layout()).isEqualTo(BATCH.layout());
        for (Column<?> column : BATCH.columns().keys()) {
            assertThat(parts.get(column)).isEqualTo(BATCH.get(column));
        }
    }

    @Test
    void withAddsAndLeavesTheOriginalAlone() {
        Column<boolean[]> flag = Column.flags("mine/flag", Domain.ROW);
        Experience more = BATCH.with(Columns.of(flag, new boolean[] {true, false, true}));
        assertThat(more.has(flag)).isTrue();
        assertThat(BATCH.has(flag)).isFalse();
        assertThat(BATCH.find(flag)).isEmpty();
        assertThat(more.get(IDS)).isSameAs(BATCH.get(IDS));
    }

    @Test
    void rowsChooseByIndexOrCondition() {
        assertThat(Rows.all(3)).isEqualTo(Rows.of(0, 1, 2)).hasSameHashCodeAs(Rows.of(0, 1, 2));
        assertThat(Rows.where(4, row -> row % 2 == 1).toArray()).containsExactly(1, 3);
        assertThat(Rows.all(3).count()).isEqualTo(3);
        assertThat(Rows.of(1, 0)).hasToString("Rows[1, 0]");
    }

    @Test
    void groupsKeepTheOrderOfTheirRowsAndLeaveInvalidOnesOut() {
        Groups groups = Groups.of(new int[] {7, 3, 7, 3, 9}, new boolean[] {true, true, true, false, false});
        assertThat(groups.rows()).isEqualTo(5);
        assertThat(groups.members()).hasSize(2);
        assertThat(groups.members().get(0)).containsExactly(0, 2);
        assertThat(groups.members().get(1)).containsExactly(1);
        Experience batch = BATCH.with(Standard.GROUP, new int[] {1, 1, 2});
        assertThat(Groups.of(batch).members()).hasSize(2);
    }

    @Nested
    class Mistakes {
        @Test
        void aColumnThatIsNotThere() {
            assertThatThrownBy(() -> BATCH.get(Standard.REWARD))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no column reward (double[] by ROW)")
                    .hasMessageContaining("score (double[] by ROW)");
        }

        @Test
        void aColumnOfAnotherTypeHasAnotherKey() {
            assertThatThrownBy(() -> BATCH.get(Column.ints("score", Domain.ROW)))
                    .hasMessageContaining("no column score (int[] by ROW)");
        }

        @Test
        void aColumnOfTheWrongLength() {
            assertThatThrownBy(() -> BATCH.with(Standard.VALUES, new double[5]))
                    .hasMessageContaining("values (double[] by STATE) has 5 entries")
                    .hasMessageContaining("needs 8");
        }

        @Test
        void aNameThatIsTaken() {
            assertThatThrownBy(() -> BATCH.with(SCORE, new double[3])).hasMessageContaining("never replaced");
            assertThatThrownBy(() -> BATCH.with(Column.ints("score", Domain.TOKEN), new int[5]))
                    .hasMessageContaining("'score' is there already");
        }

        @Test
        void noValues() {
            assertThatThrownBy(() -> BATCH.with(Standard.REWARD, null)).hasMessageContaining("'reward' has no values");
        }

        @Test
        void aDomainOrTypeThatNoColumnHas() {
            assertThatThrownBy(() -> Column.doubles("x", Domain.SCALAR)).hasMessageContaining("ROW, TOKEN or STATE");
            assertThatThrownBy(() -> new Column<>("x", Domain.ROW, String.class))
                    .hasMessageContaining("not an array");
        }

        @Test
        void aRowThatIsNotThere() {
            assertThatThrownBy(() -> BATCH.select(Rows.of(0, 3)))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("row 3 of a batch with 3 rows");
        }

        @Test
        void joiningBatchesThatDiffer() {
            Experience more = BATCH.with(Standard.REWARD, new double[3]);
            assertThatThrownBy(() -> Experience.concat(List.of(BATCH, more))).hasMessageContaining("different columns");
            assertThatThrownBy(() -> Experience.concat(List.of(more, BATCH))).hasMessageContaining("different columns");
            assertThatThrownBy(() -> Experience.concat(List.of())).hasMessageContaining("nothing to concatenate");
        }
    }
}
