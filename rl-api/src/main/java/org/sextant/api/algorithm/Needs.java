// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sextant.api.experience.Column;
import org.sextant.api.model.Role;
import org.sextant.api.output.Output;

/**
 * What an algorithm asks the runner for. The runner provides exactly this: no model is held, and nothing is computed,
 * that is not in it.
 *
 * @param data kind of data
 * @param roles models besides the policy; one whose {@link Role#head() head} is among the outputs is trained, the others are frozen
 * @param rollout what to sample; empty for offline data
 * @param columns extra columns that must be there when {@code credit} is called ({@code ref_logp}, {@code values} …)
 * @param outputs outputs of what is trained that {@code objective} reads
 * @param coupling how the optimiser batch may be cut
 */
public record Needs(
        DataKind data,
        Set<Role> roles,
        Optional<RolloutPlan> rollout,
        Set<Column<?>> columns,
        Set<Output> outputs,
        Coupling coupling) {
    public Needs {
        roles = Set.copyOf(roles);
        columns = Set.copyOf(columns);
        outputs = Set.copyOf(outputs);
    }

    /** On-policy samples, the policy alone. */
    public static Needs rollouts(RolloutPlan plan, Set<Output> outputs) {
        return new Needs(DataKind.ROLLOUTS, Set.of(), Optional.of(plan), Set.of(), outputs, Coupling.ROW);
    }

    /** Offline data of a kind, the policy alone. */
    public static Needs offline(DataKind data, Set<Output> outputs) {
        return new Needs(data, Set.of(), Optional.empty(), Set.of(), outputs, Coupling.ROW);
    }

    /** These needs and a model of this role, with the column that it fills. */
    public Needs with(Role role, Column<?> column) {
        return new Needs(data, union(roles, role), rollout, union(columns, column), outputs, coupling);
    }

    /** These needs and one more column of what is collected. */
    public Needs with(Column<?> column) {
        return new Needs(data, roles, rollout, union(columns, column), outputs, coupling);
    }

    /** These needs and one more output. */
    public Needs with(Output output) {
        return new Needs(data, roles, rollout, columns, union(outputs, output), coupling);
    }

    /** These needs with another coupling. */
    public Needs with(Coupling other) {
        return new Needs(data, roles, rollout, columns, outputs, other);
    }

    /** Whether a model of the role is trained beside the policy: the role is named, and the objective reads its head. */
    public boolean trains(Role role) {
        return roles.contains(role) && role.head().filter(outputs::contains).isPresent();
    }

    private static <T> Set<T> union(Set<? extends T> some, T one) {
        return Stream.concat(some.stream(), Stream.of(one)).collect(Collectors.toUnmodifiableSet());
    }

    /** One line for {@code --dry-run}. */
    public String describe() {
        TreeSet<String> names = new TreeSet<>();
        outputs.forEach(o -> names.add(o.name()));
        String plan = rollout.map(r -> ", " + r.samplesPerPrompt() + " samples a prompt"
                        + (r.greedyBaseline() ? " and a greedy one" : ""))
                .orElse("");
        return data.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + plan + "; models: policy"
                + new TreeSet<>(roles).stream().map(r -> ", " + r.key()).collect(Collectors.joining())
                + "; outputs: " + String.join(", ", names);
    }
}
