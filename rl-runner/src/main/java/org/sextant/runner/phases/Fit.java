// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.DataKind;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.model.Role;
import org.sextant.api.phase.Assembly;

/** Finds out, while a configuration is read, whether a phase has what its algorithm needs. */
final class Fit {
    private Fit() {}

    /**
     * The algorithm of a phase's block; what does not fit is reported to the block.
     *
     * @param data what the phase gives
     * @param roles models besides the policy that it offers
     */
    static Algorithm algorithm(ConfigReader phase, Assembly assembly, DataKind data, Set<Role> roles) {
        ConfigReader block = phase.object("algorithm");
        Algorithm algorithm = assembly.algorithm(block);
        Needs needs = algorithm.needs();
        boolean fits = data == DataKind.ROLLOUTS ? needs.rollout().isPresent() : needs.data() == data;
        if (!fits) {
            block.problem(
                    "name",
                    "'" + block.string("name") + "' learns from " + words(needs.data())
                            + ", and this kind of phase has " + words(data)
                            + "; choose another algorithm, or another kind of phase");
        }
        Set<Role> missing = new TreeSet<>(needs.roles());
        missing.removeAll(roles);
        if (!missing.isEmpty()) {
            block.problem(
                    "name",
                    "'" + block.string("name") + "' needs models of the roles: " + keys(missing)
                            + "; this kind of phase offers: " + (roles.isEmpty() ? "none" : keys(roles)));
        }
        return algorithm;
    }

    private static String words(DataKind data) {
        return data.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String keys(Set<Role> roles) {
        return roles.stream().map(Role::key).sorted().collect(Collectors.joining(", "));
    }
}
