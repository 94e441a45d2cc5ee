// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.tape;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Layout;

/**
 * Records the operations of one loss over one batch. Make leaves with {@link #variable} (model outputs, which receive a
 * gradient) and {@link #constant} (columns), combine {@link Term}s, then ask for {@link #gradients}. It costs
 * microseconds and knows no tensor library.
 */
public final class Tape {
    private final Layout layout;
    private final List<Term> nodes = new ArrayList<>();

    public Tape(Layout layout) {
        this.layout = layout;
    }

    public Layout layout() {
        return layout;
    }

    /** A leaf that receives a gradient. */
    public Term variable(Domain domain, double[] values) {
        return leaf(domain, values, true);
    }

    /** A leaf without a gradient. */
    public Term constant(Domain domain, double[] values) {
        return leaf(domain, values, false);
    }

    /** A constant number. */
    public Term constant(double value) {
        return leaf(Domain.SCALAR, new double[] {value}, false);
    }

    private Term leaf(Domain domain, double[] values, boolean needsGradient) {
        requireLength(domain, values);
        return record(new Term(this, nodes.size(), domain, values, needsGradient, null));
    }

    private void requireLength(Domain domain, double[] values) {
        if (domain != Domain.VECTOR && values.length != layout.size(domain)) {
            throw new IllegalArgumentException("a " + domain + " term of " + layout + " has " + layout.size(domain)
                    + " numbers, not " + values.length);
        }
    }

    /**
     * An operation of the plugin's own.
     *
     * @param domain of the result
     * @param forward from the values of the inputs to the values of the result
     * @param vjp adds to each {@code gradients[i]} the upstream gradient times the derivative with respect to input i
     */
    public Term custom(Domain domain, List<Term> inputs, Forward forward, VectorJacobian vjp) {
        double[][] values = inputs.stream().map(Term::values).toArray(double[][]::new);
        double[] result = forward.apply(values);
        requireLength(domain, result);
        return node(domain, result, inputs, upstream -> {
            double[][] gradients = inputs.stream().map(Term::gradient).toArray(double[][]::new);
            vjp.accumulate(values, result, upstream, gradients);
        });
    }

    Term node(Domain domain, double[] values, List<Term> inputs, Term.Backward backward) {
        boolean needs = false;
        for (Term input : inputs) {
            if (input.tape() != this) {
                throw new IllegalArgumentException("a term of another tape cannot be used here");
            }
            needs |= input.needsGradient();
        }
        return record(new Term(this, nodes.size(), domain, values, needs, needs ? backward : null));
    }

    private Term record(Term term) {
        nodes.add(term);
        return term;
    }

    /**
     * Gradient of Σ_i seeds(term_i)·term_i with respect to every variable; read it with {@link Term#gradient()}. Any
     * earlier gradient is forgotten.
     *
     * @param seeds one weight for each number of each term
     */
    public void gradients(Map<Term, double[]> seeds) {
        for (Term term : seeds.keySet()) {
            if (term.tape() != this) {
                throw new IllegalArgumentException("a term of another tape cannot be used here");
            }
        }
        for (Term node : nodes) {
            node.clearGradient();
        }
        seeds.forEach(Term::seed);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).backward();
        }
        for (Term node : nodes) {
            if (!node.needsGradient()) {
                node.clearGradient();
            }
        }
    }

    /** Values of the inputs to values of the result. */
    @FunctionalInterface
    public interface Forward {
        double[] apply(double[][] inputs);
    }

    /** Adds vector-Jacobian products. */
    @FunctionalInterface
    public interface VectorJacobian {
        void accumulate(double[][] inputs, double[] result, double[] upstream, double[][] gradients);
    }
}
