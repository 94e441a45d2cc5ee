// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

/**
 * The recursion of generalised advantage estimation over the actions of a row, whoever gave the values.
 *
 * @param steps the actions
 * @param rewards by token
 * @param values by state; read where an action begins
 * @param gamma discount for each action
 * @param holes what passes tokens that the policy did not choose
 */
record ValueSteps(Steps steps, double[] rewards, double[] values, double gamma, Holes holes) {
    /**
     * Writes the advantages of a row.
     *
     * @param end what the state after its last action is worth
     */
    void advantages(int row, double end, double lambda, double[] advantages) {
        double next = end;
        double later = 0;
        int last = steps.last(row);
        while (last >= steps.layout().start(row)) {
            int first = steps.first(row, last);
            double value = values[first + row];
            later = steps.sum(rewards, first, last) + gamma * next - value + gamma * lambda * later;
            steps.fill(advantages, first, last, later);
            next = value;
            last = steps.choiceBefore(row, first);
            for (int hole = last + 1; hole < first; hole++) {
                later = switch (holes) {
                    case CARRY -> later;
                    case ZERO -> gamma * next + gamma * lambda * later;
                    case CUT -> 0;
                };
                next = holes == Holes.CARRY ? next : 0;
            }
        }
    }
}
