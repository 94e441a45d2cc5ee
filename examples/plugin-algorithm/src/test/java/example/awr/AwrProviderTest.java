// SPDX-License-Identifier: Apache-2.0
package example.awr;

import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.testkit.ProviderContract;

/** The defaults are whole, explained and read, and the service file names the provider. */
class AwrProviderTest extends ProviderContract<AlgorithmProvider> {
    @Override
    protected AlgorithmProvider provider() {
        return new Awr.Provider();
    }

    @Override
    protected Class<AlgorithmProvider> kind() {
        return AlgorithmProvider.class;
    }
}
