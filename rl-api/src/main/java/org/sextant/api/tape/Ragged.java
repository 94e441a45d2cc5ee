// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.tape;

import java.util.List;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;

/** Operations of {@link Term} that move numbers between rows, tokens, groups and free vectors. */
final class Ragged {
    private Ragged() {}

    static Term gather(Term a, int[] index, Domain result) {
        double[] y = new double[index.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = a.values()[index[i]];
        }
        if (result != Domain.VECTOR && a.tape().layout().size(result) != index.length) {
            throw new IllegalArgumentException("gather of " + index.length + " numbers is no " + result + " of "
                    + a.tape().layout());
        }
        return a.derive(result, y, List.of(a), upstream -> {
            for (int i = 0; i < index.length; i++) {
                a.gradient()[index[i]] += upstream[i];
            }
        });
    }

    static Term rowSum(Term a, boolean[] mask, boolean mean) {
        require(a, Domain.TOKEN);
        Layout layout = a.tape().layout();
        if (mask.length != layout.tokens()) {
            throw new IllegalArgumentException("a mask of " + mask.length + " for " + a);
        }
        double[] factor = new double[layout.rows()];
        double[] y = new double[layout.rows()];
        for (int row = 0; row < y.length; row++) {
            int n = 0;
            for (int t = layout.start(row); t < layout.end(row); t++) {
                if (mask[t]) {
                    y[row] += a.values()[t];
                    n++;
                }
            }
            factor[row] = mean ? 1.0 / Math.max(n, 1) : 1;
            y[row] *= factor[row];
        }
        return a.derive(Domain.ROW, y, List.of(a), upstream -> {
            for (int row = 0; row < y.length; row++) {
                for (int t = layout.start(row); t < layout.end(row); t++) {
                    if (mask[t]) {
                        a.gradient()[t] += upstream[row] * factor[row];
                    }
                }
            }
        });
    }

    static Term toTokens(Term a) {
        require(a, Domain.ROW);
        Layout layout = a.tape().layout();
        return gather(a, layout.rowOfToken(), Domain.TOKEN);
    }

    static Term groupMean(Term a, Groups groups) {
        require(a, Domain.ROW);
        if (groups.rows() != a.values().length) {
            throw new IllegalArgumentException("groups of " + groups.rows() + " rows for " + a);
        }
        double[] y = new double[a.values().length];
        for (int[] members : groups.members()) {
            double[] own = new double[members.length];
            for (int i = 0; i < own.length; i++) {
                own[i] = a.values()[members[i]];
            }
            double mean = Masked.mean(own, null);
            for (int row : members) {
                y[row] = mean;
            }
        }
        return a.derive(Domain.ROW, y, List.of(a), upstream -> {
            for (int[] members : groups.members()) {
                double sum = 0;
                for (int row : members) {
                    sum += upstream[row];
                }
                for (int row : members) {
                    a.gradient()[row] += sum / members.length;
                }
            }
        });
    }

    static Term sum(Term a) {
        double sum = 0;
        for (double v : a.values()) {
            sum += v;
        }
        return a.derive(Domain.SCALAR, new double[] {sum}, List.of(a), upstream -> {
            for (int i = 0; i < a.values().length; i++) {
                a.gradient()[i] += upstream[0];
            }
        });
    }

    private static void require(Term a, Domain domain) {
        if (a.domain() != domain) {
            throw new IllegalArgumentException(a + " is not a term over " + domain);
        }
    }
}
