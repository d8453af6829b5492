// Keeps the images that are run, and builds them. Only identities may push and pull; there is no password for all.

@description('Name of the registry: 5 to 50 letters and digits, unlike any other in the world.')
@minLength(5)
@maxLength(50)
param name string

param location string

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: name
  location: location
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
  }
}

output name string = registry.name
output server string = registry.properties.loginServer
