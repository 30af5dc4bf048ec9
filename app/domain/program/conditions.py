"""Health conditions and ways of living that the registration asks for, since the state's groups turn on them.

The conditions are North Carolina's list for group 4 of March 2021; its plan names close group living too.
"""

from app.domain.program.demographics import DECLINED
from app.domain.program.living import Living
from app.domain.program.lookup import Choice, Choices

NONE = "none"

CONDITIONS = Living(
    "conditions",
    (
        Choice("asthma", "Asthma (moderate to severe)"),
        Choice("cancer", "Cancer"),
        Choice("stroke", "Stroke, now or in the past, or another problem with blood flow to the brain"),
        Choice("kidney", "Chronic kidney disease"),
        Choice("copd", "COPD (chronic lung disease)"),
        Choice("cystic_fibrosis", "Cystic fibrosis"),
        Choice("dementia", "Dementia or another condition of the brain or nerves"),
        Choice("diabetes", "Diabetes, type 1 or type 2"),
        Choice("down_syndrome", "Down syndrome, or an intellectual or developmental disability"),
        Choice("heart", "Heart condition, such as heart failure or coronary artery disease"),
        Choice("hypertension", "High blood pressure (hypertension)"),
        Choice("immune", "Weak immune system, such as from HIV, a transplant or steroid medicine"),
        Choice("liver", "Liver disease, including hepatitis"),
        Choice("pulmonary_fibrosis", "Pulmonary fibrosis (scarred lungs)"),
        Choice("weight", "Overweight or obesity"),
        Choice("pregnancy", "Pregnancy"),
        Choice("sickle_cell", "Sickle cell disease or thalassemia"),
        Choice("smoking", "Smoking, now or in the past"),
        Choice(NONE, "None of these"),
        Choice(DECLINED, "Prefer not to say"),
    ),
)

LIVING = Choices(
    (
        Choice(NONE, "None of these: I live at home"),
        Choice("long_term_care", "Long-term care, such as a nursing home or assisted living"),
        Choice("correctional", "Jail, prison or another correctional facility"),
        Choice("shelter", "Shelter for people without a home"),
        Choice("other_group", "Another place where people live close together, such as a group home"),
        Choice(DECLINED, "Prefer not to say"),
    )
)
