// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import java.util.Map;
import java.util.TreeMap;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Experience;
import org.sextant.api.output.Output;
import org.sextant.api.tape.Tape;
import org.sextant.api.tape.Term;

/**
 * What an objective may look at: a slice of the optimiser batch, the whole batch, and the model's outputs on the slice
 * as terms.
 */
public final class LossScope {
    private final Experience rows;
    private final Experience whole;
    private final Tape tape;
    private final Map<Output, Term> outputs = new java.util.LinkedHashMap<>();

    /**
     * @param rows the slice
     * @param whole the optimiser batch that the slice is part of, for denominators
     * @param values outputs of the trained model on the slice, by their domain
     */
    public LossScope(Experience rows, Experience whole, Map<Output, double[]> values) {
        this.rows = rows;
        this.whole = whole;
        this.tape = new Tape(rows.layout());
        values.forEach((output, v) -> outputs.put(output, tape.variable(output.domain(), v)));
    }

    /** The slice. */
    public Experience rows() {
        return rows;
    }

    /** The optimiser batch. */
    public Experience whole() {
        return whole;
    }

    /** For operations and constants of one's own. */
    public Tape tape() {
        return tape;
    }

    /** An output of the trained model, as a variable. */
    public Term output(Output output) {
        Term term = outputs.get(output);
        if (term == null) {
            TreeMap<String, Output> names = new TreeMap<>();
            outputs.keySet().forEach(o -> names.put(o.name(), o));
            throw new IllegalArgumentException(
                    "output '" + output.name() + "' was not asked for in needs(); there are " + names.keySet());
        }
        return term;
    }

    /** A column of the slice, as a constant. */
    public Term column(Column<double[]> column) {
        return tape.constant(column.domain(), rows.get(column));
    }

    Map<Output, Term> outputs() {
        return outputs;
    }
}
