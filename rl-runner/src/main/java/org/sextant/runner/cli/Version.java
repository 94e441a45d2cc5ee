// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {"Sextant " + (version == null ? "(not packaged)" : version), "Java " + Runtime.version()};
    }
}
