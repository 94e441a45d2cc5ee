// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.files.RenamedTensors;
import org.sextant.models.files.SavedTensors;
import org.sextant.models.files.WeightFiles;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Transformer;
import org.sextant.models.transformer.TransformerConfig;

/**
 * A saved model about to be opened in a role.
 *
 * @param more heads that it gets if the file has none; they begin at zero
 */
record SavedModel(Path directory, Role role, Set<Head> more) {
    /**
     * A whole model.
     *
     * @param contents identity of its weights, if it is known
     * @param account that its weights are charged to
     */
    LanguageModel whole(Optional<String> contents, Kernels kernels, WeightFormat format, String account) {
        TransformerConfig config = ModelConfigFile.read(directory);
        Origin origin = Origin.of(directory, contents);
        try (SavedTensors file = asRole(WeightFiles.open(directory), "")) {
            Set<Head> heads = SavedWeights.heads(file, "");
            // No memory is taken for what the config says before the weights have said the same.
            SavedWeights.check(file, config, Transformer.planned(config, heads));
            LanguageModel model = LanguageModel.zero(config, both(heads), format, account, kernels, role, origin);
            List<Parameter> saved = SavedWeights.without(heads, more, model.parameters());
            return model.filled(() -> SavedWeights.read(file, config, saved, kernels));
        }
    }

    /** An adapter, on the weights of a model that it is for. */
    LanguageModel adapter(LanguageModel base) {
        AdapterConfigFile saved = AdapterConfigFile.read(directory);
        try (SavedTensors stored = AdapterFiles.open(directory)) {
            AdapterFiles.check(directory, stored, saved, base.transformer());
            SavedTensors file = asRole(stored, AdapterFiles.PREFIX);
            Set<Head> heads = both(SavedWeights.heads(file, AdapterFiles.PREFIX));
            LanguageModel model = base.sharing(role, heads, Optional.of(saved.settings()));
            return model.filled(() -> AdapterFiles.read(file, model));
        }
    }

    private Set<Head> both(Set<Head> saved) {
        Set<Head> all = new TreeSet<>(saved);
        all.addAll(more);
        return all;
    }

    private SavedTensors asRole(SavedTensors file, String prefix) {
        Head begins = SavedWeights.begins(Head.VALUE, role, SavedWeights.heads(file, prefix));
        return begins == Head.VALUE
                ? file
                : new RenamedTensors(file, prefix + Parameter.nameOf(begins), prefix + Parameter.nameOf(Head.VALUE));
    }
}
