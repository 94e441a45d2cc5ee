// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Map;
import java.util.TreeMap;
import org.sextant.api.algorithm.Explanation;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.state.StateMap;
import org.sextant.api.state.Stateful;

/**
 * Mixes advantages that are relative to a group with how good an answer is beside what the policy used to get:
 *
 * <pre>
 * A ← (1 − w) A + w (R − anchor)          anchor ← anchor + rate · (mean R of the step − anchor), after the step
 * </pre>
 *
 * With w = 1 this is REINFORCE with a moving-average baseline (Williams 1992; by kind of task: prime-rl's RAE). In the
 * first step, and for a difficulty that is met for the first time, the anchor is that step's mean. A step's credit
 * never depends on the order of its rows.
 */
public final class Anchor implements Stateful {
    /** Whose rewards one anchor follows. */
    public enum Scope {
        ALL,
        /** One anchor for each {@link Standard#DIFFICULTY}. */
        DIFFICULTY
    }

    private final double weight;
    private final double rate;
    private final Scope scope;
    private final Map<String, Double> anchors = new TreeMap<>();

    /**
     * @param weight of the absolute part, 0 to 1; 0: advantages stay as they are and nothing is remembered
     * @param rate of the moving average, above 0, at most 1
     */
    public Anchor(double weight, double rate, Scope scope) {
        this.weight = weight;
        this.rate = rate;
        this.scope = scope;
    }

    /** Advantages stay as they are. */
    public static Anchor none() {
        return new Anchor(0, 1, Scope.ALL);
    }

    /** What is done, as a formula. */
    String formula() {
        String each = scope == Scope.ALL ? "" : ", one for each difficulty";
        return "A ← " + Explanation.number(1 - weight) + " A + " + Explanation.number(weight)
                + " (R − anchor), anchor ← anchor + " + Explanation.number(rate) + " (mean R − anchor)" + each;
    }

    /** Reads a block {@code anchor { … }}. */
    public static Anchor read(ConfigReader own) {
        return new Anchor(
                own.decimal("weight", Range.between(0, 1)),
                own.decimal("rate", new Range(0, true, 1)),
                own.oneOf("scope", Scope.class));
    }

    boolean active() {
        return weight > 0;
    }

    /** {@code R − anchor} of the rows that count, 0 for the others; the anchors move on afterwards. */
    double[] absolute(double[] rewards, boolean[] counted, Experience batch, Metrics metrics) {
        String[] keys = keys(batch);
        Map<String, Double> means = means(rewards, counted, keys);
        means.forEach(anchors::putIfAbsent);
        double[] absolute = new double[rewards.length];
        double sum = 0;
        double n = 0;
        for (int row = 0; row < absolute.length; row++) {
            if (counted[row]) {
                double anchor = anchors.get(keys[row]);
                absolute[row] = rewards[row] - anchor;
                sum += anchor;
                n++;
            }
        }
        metrics.mean("credit/anchor", sum, n);
        means.forEach((key, mean) -> anchors.merge(key, mean, (anchor, now) -> anchor + rate * (now - anchor)));
        return absolute;
    }

    /** {@code (1 − w) A + w · absolute}. */
    double mix(double advantage, double absolute) {
        return (1 - weight) * advantage + weight * absolute;
    }

    private String[] keys(Experience batch) {
        String[] keys = new String[batch.rows()];
        for (int row = 0; row < keys.length; row++) {
            keys[row] = scope == Scope.ALL ? "all" : batch.get(Standard.DIFFICULTY)[row];
        }
        return keys;
    }

    private static Map<String, Double> means(double[] rewards, boolean[] counted, String[] keys) {
        Map<String, double[]> sums = new TreeMap<>();
        for (int row = 0; row < rewards.length; row++) {
            if (counted[row]) {
                double[] sum = sums.computeIfAbsent(keys[row], key -> new double[2]);
                sum[0] += rewards[row];
                sum[1]++;
            }
        }
        Map<String, Double> means = new TreeMap<>();
        sums.forEach((key, sum) -> means.put(key, sum[0] / sum[1]));
        return means;
    }

    @Override
    public void save(StateMap out) {
        StateMap saved = out.nested("anchors");
        anchors.forEach(saved::put);
    }

    @Override
    public void load(StateMap in) {
        anchors.clear();
        StateMap saved = in.getNested("anchors");
        saved.entries().keySet().forEach(key -> anchors.put(key, saved.getDouble(key)));
    }
}
