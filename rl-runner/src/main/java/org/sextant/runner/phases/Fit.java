// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.DataKind;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.experience.Column;
import org.sextant.api.model.Role;
import org.sextant.api.phase.Assembly;
import org.sextant.runner.rollout.RewardColumns;

/** Finds out, while a configuration is read, whether a phase has what its algorithm needs. */
final class Fit {
    private Fit() {}

    /**
     * The algorithm of a phase's block; what does not fit is reported to the block.
     *
     * @param data what the phase gives
     * @param roles models besides the policy that it offers
     * @param columns those that it fills for an algorithm with such needs
     */
    static Algorithm algorithm(
            ConfigReader phase,
            Assembly assembly,
            DataKind data,
            Set<Role> roles,
            Function<Needs, Set<Column<?>>> columns) {
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
        if (fits) {
            columns(block, needs, columns.apply(needs));
        }
        return algorithm;
    }

    /** Components of a reward are known only when it has scored, so those are taken on trust. */
    private static void columns(ConfigReader block, Needs needs, Set<Column<?>> filled) {
        Set<String> missing = new TreeSet<>();
        needs.columns().stream()
                .filter(c -> !filled.contains(c) && !c.name().startsWith(RewardColumns.COMPONENT_PREFIX))
                .forEach(c -> missing.add(c.toString()));
        if (!missing.isEmpty()) {
            block.problem(
                    "name",
                    "'" + block.string("name") + "' needs columns that this kind of phase does not fill: "
                            + String.join(", ", missing) + "; it fills: "
                            + filled.stream().map(Column::name).sorted().collect(Collectors.joining(", ")));
        }
    }

    private static String words(DataKind data) {
        return data.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String keys(Set<Role> roles) {
        return roles.stream().map(Role::key).sorted().collect(Collectors.joining(", "));
    }
}
