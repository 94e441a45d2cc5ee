// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.sextant.api.model.Role;
import org.sextant.api.random.Stream;
import org.sextant.models.LanguageModel;
import org.sextant.models.ModelOptions;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.kernels.Kernels;

/** Opens saved models. What adapters were made for is loaded once, and shared by all that have an adapter for it; whoever opens a model closes it. */
public final class ModelShelf implements AutoCloseable {
    private final Kernels kernels;
    private final ModelOptions options;
    private final Map<Path, LanguageModel> bases = new LinkedHashMap<>();

    public ModelShelf(Kernels kernels, ModelOptions options) {
        this.kernels = kernels;
        this.options = options;
    }

    /**
     * The model of a directory: a whole one, or an adapter on a shared one.
     *
     * @throws org.sextant.models.files.ModelFileException if files are missing, damaged, or do not fit
     */
    public LanguageModel open(Path directory, Role role) {
        if (AdapterConfigFile.isIn(directory)) {
            return base(Path.of(AdapterConfigFile.read(directory).base())).sharing(role, directory);
        }
        if (role == Role.POLICY) {
            LanguageModel policy = LanguageModel.load(directory, kernels, role);
            policy.prepare(options);
            return policy;
        }
        return LanguageModel.load(directory, kernels, role, options.frozenFormat());
    }

    /** A policy to start from: the model of a directory, with a fresh adapter if one is wanted. */
    LanguageModel start(Path directory, Stream stream) {
        if (options.adapter().isEmpty() || AdapterConfigFile.isIn(directory)) {
            return open(directory, Role.POLICY);
        }
        LanguageModel policy = base(directory).sharing(Role.POLICY, Set.of(), options.adapter(), stream);
        policy.prepare(options);
        return policy;
    }

    private LanguageModel base(Path directory) {
        return bases.computeIfAbsent(
                directory.toAbsolutePath().normalize(),
                path -> LanguageModel.base(directory, kernels, options.frozenFormat()));
    }

    /** Bytes of what is shared. */
    public long sharedBytes() {
        return bases.values().stream()
                .flatMap(base -> base.bytesByRole().values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    @Override
    public void close() {
        bases.values().forEach(LanguageModel::close);
        bases.clear();
    }
}
