// Tells somebody when all of it costs more than was thought. It stops nothing.

@description('Name of the budget.')
param name string

@description('A month, in the currency of the subscription.')
@minValue(1)
param amount int

@description('First day of a month. Azure refuses to change it later.')
@minLength(10)
@maxLength(10)
param start string

param email string

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: '${start}T00:00:00Z'
    }
    notifications: {
      spentFourFifths: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: [
          email
        ]
      }
      willBeTooMuch: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: [
          email
        ]
      }
    }
  }
}
